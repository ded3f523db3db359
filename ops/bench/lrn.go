package main

import (
	"github.com/cascade-hpc/cascade/ops"
	"github.com/cascade-hpc/cascade/ops/bench/internal/desc"
)

var lrn = &driver{
	name: "lrn",
	choices: []choice{
		{"dir", "FWD_D", oneOf("FWD_D", "FWD_I", "BWD_D")},
		{"alg", "ACROSS", oneOf("ACROSS", "WITHIN", "lrn_across_channels", "lrn_within_channel")},
		mbChoice, dtChoice,
		{"tag", "abx", plain},
		outOfPlace,
	},
	build: buildLRN,
}

func buildLRN(v variant, text string) (job, string, error) {
	kind := ops.AcrossChannels
	if v.is("alg", "WITHIN", "lrn_within_channel") {
		kind = ops.WithinChannel
	}
	d, name, err := desc.LRN(text, kind, v.mb())
	if err != nil {
		return job{}, "", err
	}
	shape := tensor(d.N, d.C, d.In)
	j := job{layouts: ops.NCX.String(), streams: true}
	j.allow(1e-6, "sums of squares are rounded in the order of each kernel")
	if v.is("dir", "BWD_D") {
		j.make = func() (ops.Primitive, error) { return ops.NewLRNBackward(d) }
		j.in = []operand{{name: "diff_dst", shape: shape, fill: whole(8, 1)}, {name: "src", shape: shape, fill: whole(16, 2)}}
		j.out = []operand{{name: "diff_src", shape: shape}}
	} else {
		j.make = func() (ops.Primitive, error) { return ops.NewLRN(d) }
		j.in = []operand{{name: "src", shape: shape, fill: whole(16, 1)}}
		j.out = []operand{{name: "dst", shape: shape}}
	}
	return j, name, named(text, j.validate())
}
