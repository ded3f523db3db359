package main

import (
	"fmt"

	"github.com/cascade-hpc/cascade/ops"
	"github.com/cascade-hpc/cascade/ops/bench/internal/desc"
)

var softmax = &driver{
	name: "softmax",
	choices: []choice{
		{"dir", "FWD_D", oneOf("FWD_D", "FWD_I", "BWD_D")},
		{"alg", "softmax", oneOf("softmax", "softmax_accurate")},
		{"axis", "1", wholeNumber},
		mbChoice,
		{"sdt", "f32", f32},
		{"ddt", "f32", f32},
		{"stag", "abx", plain},
		{"dtag", "any", plain},
		outOfPlace,
	},
	build: buildSoftmax,
}

func buildSoftmax(v variant, text string) (job, string, error) {
	shape, name, err := desc.Dims(text, v.mb())
	if err != nil {
		return job{}, "", err
	}
	axis := v.integer("axis")
	if axis >= len(shape) {
		return job{}, "", fmt.Errorf("%q: axis %d of a tensor of %d", text, axis, len(shape))
	}
	outer, inner := operand{shape: shape[:axis]}, operand{shape: shape[axis+1:]}
	j := job{layouts: ops.NCX.String(), streams: true}
	j.allow(1e-5, "kernels approximate the exponential and add up each in its way")
	if v.is("dir", "BWD_D") {
		j.in = []operand{{name: "diff_dst", shape: shape, fill: eighths(2, 1)}, {name: "dst", shape: shape, fill: eighths(1, 2)}}
		j.out = []operand{{name: "diff_src", shape: shape}}
	} else {
		j.in = []operand{{name: "src", shape: shape, fill: eighths(10, 1)}}
		j.out = []operand{{name: "dst", shape: shape}}
	}
	if err := j.validate(); err != nil {
		return job{}, "", named(text, err)
	}
	j.make = func() (ops.Primitive, error) {
		if v.is("dir", "BWD_D") {
			return ops.NewSoftmaxBackward(outer.size(), shape[axis], inner.size())
		}
		return ops.NewSoftmax(outer.size(), shape[axis], inner.size())
	}
	return j, name, nil
}
