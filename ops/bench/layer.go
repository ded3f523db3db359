package main

import (
	"fmt"
	"strings"

	"github.com/cascade-hpc/cascade/ops"
	"github.com/cascade-hpc/cascade/ops/bench/internal/desc"
)

// layer is what convolution, deconvolution and inner product have in common: a
// forward primitive and its two gradients.
type layer struct {
	src, weights, dst []int
	channels          int // of the bias
	// The number of products that are added up for an element of dst, of the
	// gradient of src and of that of the weights.
	terms                        [3]int
	forward, backward, gradients func() (ops.Primitive, error)
}

// layerChoices are the options of a layer's driver; FWD_B and BWD_WB are those with
// bias.
func layerChoices(more ...choice) []choice {
	return append([]choice{
		{"dir", "FWD_B", oneOf("FWD_D", "FWD_B", "FWD_I", "BWD_D", "BWD_W", "BWD_WB")},
		mbChoice, cfgChoice, dtChoice,
		{"stag", "any", plain},
		{"wtag", "any", plain},
		{"dtag", "any", plain},
		postChoice,
	}, more...)
}

// biasLimit is the largest element of a bias.
const biasLimit = 8

func hasBias(v variant) bool { return v.is("dir", "FWD_B", "BWD_WB") }

// job is the direction's part of the layer.
func (l layer) job(v variant) (job, error) {
	post, err := parseActivation(v["attr-post-ops"])
	if err != nil {
		return job{}, err
	}
	j := job{layouts: ops.NCX.String()}
	switch {
	case strings.HasPrefix(strings.ToUpper(v["dir"]), "FWD"):
		j.make = l.forward
		j.data(l.terms[0]+biasLimit, operand{name: "src", shape: l.src}, operand{name: "weights", shape: l.weights})
		j.out = []operand{{name: "dst", shape: l.dst}}
		if hasBias(v) {
			j.in = append(j.in, operand{"bias", []int{l.channels}, whole(biasLimit, 3)})
		}
		j.allow(toleranceOf(post))
	case post.Kind != ops.Identity:
		return job{}, fmt.Errorf("%w: a gradient through a post-op", desc.ErrUnimplemented)
	case v.is("dir", "BWD_D"):
		j.make = l.backward
		j.data(l.terms[1], operand{name: "diff_dst", shape: l.dst}, operand{name: "weights", shape: l.weights})
		j.out = []operand{{name: "diff_src", shape: l.src}}
	default:
		j.make = l.gradients
		j.data(l.terms[2], operand{name: "src", shape: l.src}, operand{name: "diff_dst", shape: l.dst})
		j.out = []operand{{name: "diff_weights", shape: l.weights}}
		if hasBias(v) {
			j.out = append(j.out, operand{name: "diff_bias", shape: []int{l.channels}})
		}
	}
	return j, j.validate()
}

// data fills two inputs with whole numbers, of which terms products are added up
// exactly if that can be.
func (j *job) data(terms int, a, b operand) {
	limit, exact := largest(terms)
	a.fill, b.fill = whole(limit, 1), whole(limit, 2)
	j.in = []operand{a, b}
	if !exact {
		// As many terms of ±1 are next to nowhere near 2²⁴, but may be.
		j.allow(1e-5, "sums of more than 2^24 products are rounded in the order in which they are formed")
	}
}

// allow raises the tolerance.
func (j *job) allow(tolerance float64, why string) {
	if tolerance > j.tolerance {
		j.tolerance, j.why = tolerance, why
	}
}
