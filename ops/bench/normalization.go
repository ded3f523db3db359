package main

import (
	"fmt"
	"strings"

	"github.com/cascade-hpc/cascade/ops"
	"github.com/cascade-hpc/cascade/ops/bench/internal/desc"
)

var batchNorm = &driver{
	name: "bnorm",
	choices: []choice{
		{"dir", "FWD_D", oneOf("FWD_D", "FWD_I", "BWD_D", "BWD_DW")},
		{"flags", "", isNormFlags},
		mbChoice, dtChoice,
		{"tag", "abx", isLayout},
		postChoice,
		outOfPlace,
	},
	build: buildBatchNorm,
}

// normFlags are benchdnn's: given statistics, a scale and a shift (S in old files, C
// and H in new ones; primitives always have both), a fused ReLU.
const normFlags = "GSCHR"

func isNormFlags(s string) error {
	for _, c := range strings.ToUpper(s) {
		if !strings.ContainsRune(normFlags, c) {
			return fmt.Errorf("there are the flags %s", strings.Join(strings.Split(normFlags, ""), ", "))
		}
	}
	return nil
}

func buildBatchNorm(v variant, text string) (job, string, error) {
	d, name, err := desc.BatchNorm(text, v.mb())
	if err != nil {
		return job{}, "", err
	}
	if d.Post, err = parseActivation(v["attr-post-ops"]); err != nil {
		return job{}, "", err
	}
	if d.Layout, err = layout(v["tag"]); err != nil {
		return job{}, "", err
	}
	flags := strings.ToUpper(v["flags"])
	if strings.Contains(flags, "R") {
		d.Post = ops.Activation{Kind: ops.ReLU}
	}
	j := job{layouts: d.Layout.String(), streams: true}
	// Data are whole numbers, but means and quotients are none.
	j.allow(1e-5, "sums and roots are rounded in the order and the precision of each kernel")
	given := strings.Contains(flags, "G")
	switch {
	case v.is("dir", "BWD_D", "BWD_DW") && (given || d.Post.Kind != ops.Identity):
		return job{}, "", named(text, fmt.Errorf("%w: a gradient with given statistics or a fused activation", desc.ErrUnimplemented))
	case v.is("dir", "BWD_D", "BWD_DW"):
		j.normBackward(d, v.is("dir", "BWD_DW"))
	default:
		j.normForward(d, given || v.is("dir", "FWD_I"))
	}
	return j, name, named(text, j.validate())
}

// normForward is the direction with the statistics of the batch, or with given ones.
func (j *job) normForward(d ops.BatchNormDesc, given bool) {
	x, c := []int{d.N, d.C, d.Spatial}, []int{d.C}
	in := func(l ops.Layout) ops.BatchNormDesc { d := d; d.Layout = l; return d }
	j.in = []operand{{name: "src", shape: x, fill: whole(8, 1), layout: d.Layout}, {name: "gamma", shape: c, fill: whole(4, 2)}, {name: "beta", shape: c, fill: whole(4, 3)}}
	j.out = []operand{{name: "dst", shape: x, layout: d.Layout}}
	if given {
		j.inLayout(d.Layout, func(l ops.Layout) (ops.Primitive, error) { return ops.NewBatchNormInference(in(l)) })
		j.in = append(j.in, operand{name: "mean", shape: c, fill: eighths(1, 4)}, operand{name: "variance", shape: c, fill: wholeFrom1(30, 5)})
		return
	}
	j.inLayout(d.Layout, func(l ops.Layout) (ops.Primitive, error) { return ops.NewBatchNorm(in(l)) })
	j.out = append(j.out, operand{name: "mean", shape: c}, operand{name: "variance", shape: c})
}

// normBackward is the gradient of src, and with parameters those of gamma and beta.
func (j *job) normBackward(d ops.BatchNormDesc, parameters bool) {
	x, c := []int{d.N, d.C, d.Spatial}, []int{d.C}
	in := func(l ops.Layout) ops.BatchNormDesc { d := d; d.Layout = l; return d }
	j.inLayout(d.Layout, func(l ops.Layout) (ops.Primitive, error) { return ops.NewBatchNormBackward(in(l)) })
	j.in = []operand{
		{name: "diff_dst", shape: x, fill: whole(8, 1), layout: d.Layout},
		{name: "src", shape: x, fill: whole(8, 2), layout: d.Layout},
		{name: "gamma", shape: c, fill: whole(4, 3)},
		{name: "mean", shape: c, fill: eighths(1, 4)},
		{name: "variance", shape: c, fill: wholeFrom1(30, 5)},
	}
	j.out = []operand{{name: "diff_src", shape: x, layout: d.Layout}, {name: "diff_gamma"}, {name: "diff_beta"}}
	if parameters {
		j.out[1].shape, j.out[2].shape = c, c
	}
}
