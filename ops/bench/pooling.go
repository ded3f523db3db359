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
		{"tag", "abx", isLayout},
	},
	build: buildPooling,
}

func buildPooling(v variant, text string) (job, string, error) {
	d, name, err := desc.Pooling(text, v.mb())
	if err != nil {
		return job{}, "", err
	}
	l, err := layout(v["tag"])
	if err != nil {
		return job{}, "", err
	}
	if !v.is("alg", "max", "pooling_max") {
		d.Kind = ops.AveragePooling
		d.CountPad = v.is("alg", "avg_p", "pooling_avg_include_padding")
	}
	src, dst := tensor(d.N, d.C, d.In), tensor(d.N, d.C, d.Out)
	j := job{layouts: l.String(), streams: true}
	if d.Kind == ops.AveragePooling {
		j.allow(1e-6, "a quotient of a sum and a sum of quotients are rounded differently")
	}
	in := func(l ops.Layout) ops.PoolingDesc { d := d; d.Layout = l; return d }
	// Small whole numbers, so that many windows hold their largest twice.
	if v.is("dir", "BWD_D") {
		j.inLayout(l, func(l ops.Layout) (ops.Primitive, error) { return ops.NewPoolingBackward(in(l)) })
		j.in = []operand{{name: "diff_dst", shape: dst, fill: whole(8, 1), layout: l}, {name: "src", shape: src, fill: whole(8, 2), layout: l}}
		j.out = []operand{{name: "diff_src", shape: src, layout: l}}
	} else {
		j.inLayout(l, func(l ops.Layout) (ops.Primitive, error) { return ops.NewPooling(in(l)) })
		j.in = []operand{{name: "src", shape: src, fill: whole(8, 1), layout: l}}
		j.out = []operand{{name: "dst", shape: dst, layout: l}}
	}
	return j, name, named(text, j.validate())
}
