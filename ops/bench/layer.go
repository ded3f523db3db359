package main

import (
	"fmt"
	"math"
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
	forward, backward, gradients inLayouts
	// packed is how weights are packed between layouts, for the gradient of src or
	// else; nil where they are plain.
	packed func(src, dst ops.Layout, backward bool) *packing
}

// inLayouts makes a primitive for the layouts of src and dst, and of their gradients.
type inLayouts func(src, dst ops.Layout) (ops.Primitive, error)

// layerChoices are the options of a layer's driver; FWD_B and BWD_WB are those with
// bias.
func layerChoices(tags func(string) error, more ...choice) []choice {
	return append([]choice{
		{"dir", "FWD_B", oneOf("FWD_D", "FWD_B", "FWD_I", "BWD_D", "BWD_W", "BWD_WB")},
		mbChoice, cfgChoice, dtChoice,
		{"stag", "any", tags},
		{"wtag", "any", plain},
		{"dtag", "any", tags},
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
	build := l.primitive(v)
	src, dst, err := l.layouts(v, build)
	if err != nil {
		return job{}, err
	}
	j := job{
		layouts: src.String(),
		make:    func() (ops.Primitive, error) { return build(src, dst) },
		plain:   func() (ops.Primitive, error) { return build(ops.NCX, ops.NCX) },
	}
	weights := operand{name: "weights", shape: l.weights}
	if l.packed != nil {
		weights.packed = l.packed(src, dst, v.is("dir", "BWD_D"))
	}
	if src != dst {
		j.layouts += ">" + dst.String()
	}
	switch {
	case isForward(v):
		j.data(l.terms[0]+biasLimit, operand{name: "src", shape: l.src, layout: src}, weights)
		j.out = []operand{{name: "dst", shape: l.dst, layout: dst}}
		if hasBias(v) {
			j.in = append(j.in, operand{name: "bias", shape: []int{l.channels}, fill: whole(biasLimit, 3)})
		}
		j.allow(toleranceOf(post))
	case post.Kind != ops.Identity:
		return job{}, fmt.Errorf("%w: a gradient through a post-op", desc.ErrUnimplemented)
	case v.is("dir", "BWD_D"):
		j.data(l.terms[1], operand{name: "diff_dst", shape: l.dst, layout: dst}, weights)
		j.out = []operand{{name: "diff_src", shape: l.src, layout: src}}
	default:
		j.data(l.terms[2], operand{name: "src", shape: l.src, layout: src}, operand{name: "diff_dst", shape: l.dst, layout: dst})
		j.out = []operand{{name: "diff_weights", shape: l.weights, packed: weights.packed}}
		if hasBias(v) {
			j.out = append(j.out, operand{name: "diff_bias", shape: []int{l.channels}})
		}
	}
	return j, j.validate()
}

func isForward(v variant) bool { return strings.HasPrefix(strings.ToUpper(v["dir"]), "FWD") }

// primitive is that of the direction.
func (l layer) primitive(v variant) inLayouts {
	switch {
	case isForward(v):
		return l.forward
	case v.is("dir", "BWD_D"):
		return l.backward
	}
	return l.gradients
}

// layouts are those that are asked for. As oneDNN does, any of them stands for the one
// with which the primitive is fastest, here by its own estimate.
func (l layer) layouts(v variant, build inLayouts) (src, dst ops.Layout, err error) {
	of := func(tag string) ([]ops.Layout, error) {
		if v.is(tag, "any", "undef") {
			return []ops.Layout{ops.NCX, ops.NCX16n, ops.NCX16c}, nil
		}
		one, err := layout(v[tag])
		return []ops.Layout{one}, err
	}
	from, err := of("stag")
	if err != nil {
		return 0, 0, err
	}
	to, err := of("dtag")
	if err != nil {
		return 0, 0, err
	}
	src, dst = from[0], to[0] // where there is no primitive at all, its error will say why
	least := math.Inf(1)
	for _, f := range from {
		for _, t := range to {
			if p, err := build(f, t); err == nil && p.Info().Cycles < least {
				src, dst, least = f, t, p.Info().Cycles
			}
		}
	}
	return src, dst, nil
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
