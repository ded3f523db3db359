package main

import (
	"github.com/cascade-hpc/cascade/ops"
	"github.com/cascade-hpc/cascade/ops/bench/internal/desc"
)

var pooling = &driver{
	name: "pool",
	choices: []choice{
		{"dir", "FWD_D", oneOf("FWD_D", "FWD_I", "BWD_D")},
		{"alg", "max", oneOf("max", "avg_np", "avg_p", "pooling_max", "pooling_avg_exclude_padding", "pooling_avg_include_padding")},
		mbChoice, cfgChoice, dtChoice,
		{"tag", "abx", plain},
	},
	build: buildPooling,
}

func buildPooling(v variant, text string) (job, string, error) {
	d, name, err := desc.Pooling(text, v.mb())
	if err != nil {
		return job{}, "", err
	}
	if !v.is("alg", "max", "pooling_max") {
		d.Kind = ops.AveragePooling
		d.CountPad = v.is("alg", "avg_p", "pooling_avg_include_padding")
	}
	src, dst := tensor(d.N, d.C, d.In), tensor(d.N, d.C, d.Out)
	j := job{layouts: ops.NCX.String(), streams: true}
	if d.Kind == ops.AveragePooling {
		j.allow(1e-6, "a quotient of a sum and a sum of quotients are rounded differently")
	}
	// Small whole numbers, so that many windows hold their largest twice.
	if v.is("dir", "BWD_D") {
		j.make = func() (ops.Primitive, error) { return ops.NewPoolingBackward(d) }
		j.in = []operand{{name: "diff_dst", shape: dst, fill: whole(8, 1)}, {name: "src", shape: src, fill: whole(8, 2)}}
		j.out = []operand{{name: "diff_src", shape: src}}
	} else {
		j.make = func() (ops.Primitive, error) { return ops.NewPooling(d) }
		j.in = []operand{{name: "src", shape: src, fill: whole(8, 1)}}
		j.out = []operand{{name: "dst", shape: dst}}
	}
	return j, name, named(text, j.validate())
}
