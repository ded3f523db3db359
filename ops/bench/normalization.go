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
		{"tag", "abx", plain},
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
	flags := strings.ToUpper(v["flags"])
	if strings.Contains(flags, "R") {
		d.Post = ops.Activation{Kind: ops.ReLU}
	}
	j := job{layouts: ops.NCX.String(), streams: true}
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
	j.in = []operand{{name: "src", shape: x, fill: whole(8, 1)}, {name: "gamma", shape: c, fill: whole(4, 2)}, {name: "beta", shape: c, fill: whole(4, 3)}}
	j.out = []operand{{name: "dst", shape: x}}
	if given {
		j.make = func() (ops.Primitive, error) { return ops.NewBatchNormInference(d) }
		j.in = append(j.in, operand{name: "mean", shape: c, fill: eighths(1, 4)}, operand{name: "variance", shape: c, fill: wholeFrom1(30, 5)})
		return
	}
	j.make = func() (ops.Primitive, error) { return ops.NewBatchNorm(d) }
	j.out = append(j.out, operand{name: "mean", shape: c}, operand{name: "variance", shape: c})
}

// normBackward is the gradient of src, and with parameters those of gamma and beta.
func (j *job) normBackward(d ops.BatchNormDesc, parameters bool) {
	x, c := []int{d.N, d.C, d.Spatial}, []int{d.C}
	j.make = func() (ops.Primitive, error) { return ops.NewBatchNormBackward(d) }
	j.in = []operand{
		{name: "diff_dst", shape: x, fill: whole(8, 1)},
		{name: "src", shape: x, fill: whole(8, 2)},
		{name: "gamma", shape: c, fill: whole(4, 3)},
		{name: "mean", shape: c, fill: eighths(1, 4)},
		{name: "variance", shape: c, fill: wholeFrom1(30, 5)},
	}
	j.out = []operand{{name: "diff_src", shape: x}, {name: "diff_gamma"}, {name: "diff_beta"}}
	if parameters {
		j.out[1].shape, j.out[2].shape = c, c
	}
}
