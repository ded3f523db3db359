package main

import (
	"fmt"

	"github.com/cascade-hpc/cascade/ops"
	"github.com/cascade-hpc/cascade/ops/bench/internal/desc"
)

// directChoice is the algorithm of convolutions: there is one.
var directChoice = choice{"alg", "direct", oneOf("direct", "auto", "convolution_direct", "convolution_auto", "deconvolution_direct")}

var conv = &driver{name: "conv", choices: layerChoices(isLayout, directChoice), build: buildConv}

func buildConv(v variant, text string) (job, string, error) {
	d, name, err := desc.Conv(text, v.mb())
	if err != nil {
		return job{}, "", err
	}
	if d.Post, err = parseActivation(v["attr-post-ops"]); err != nil {
		return job{}, "", err
	}
	d.Bias = hasBias(v)
	in := func(src, dst ops.Layout) ops.ConvDesc {
		d := d
		d.SrcLayout, d.DstLayout = src, dst
		d.Packed = dst == ops.NCX16c
		return d
	}
	j, err := layer{
		src: tensor(d.N, d.IC, d.In), weights: tensor(d.OC, d.IC/d.Groups, d.Kernel), dst: tensor(d.N, d.OC, d.Out),
		channels:  d.OC,
		terms:     [3]int{d.IC / d.Groups * volume(d.Kernel), d.OC / d.Groups * volume(d.Kernel), d.N * volume(d.Out)},
		forward:   func(s, t ops.Layout) (ops.Primitive, error) { return ops.NewConv(in(s, t)) },
		backward:  func(s, t ops.Layout) (ops.Primitive, error) { return ops.NewConvBackwardData(in(s, t)) },
		gradients: func(s, t ops.Layout) (ops.Primitive, error) { return ops.NewConvBackwardWeights(in(s, t)) },
		packed: func(s, t ops.Layout, backward bool) *packing {
			d := in(s, t)
			return newPacking(d, d.Packed, backward, ops.NewPackWeights, ops.NewUnpackWeights)
		},
	}.job(v)
	return j, name, named(text, err)
}

var deconv = &driver{name: "deconv", choices: layerChoices(isLayout, directChoice), build: buildDeconv}

func buildDeconv(v variant, text string) (job, string, error) {
	d, name, err := desc.Deconv(text, v.mb())
	if err != nil {
		return job{}, "", err
	}
	if d.Post, err = parseActivation(v["attr-post-ops"]); err != nil {
		return job{}, "", err
	}
	d.Bias = hasBias(v)
	in := func(src, dst ops.Layout) ops.DeconvDesc {
		d := d
		d.SrcLayout, d.DstLayout = src, dst
		d.Packed = src == ops.NCX16c
		return d
	}
	j, err := layer{
		src: tensor(d.N, d.IC, d.In), weights: tensor(d.IC, d.OC/d.Groups, d.Kernel), dst: tensor(d.N, d.OC, d.Out),
		channels: d.OC,
		// N·In products make a gradient of a weight, but the bias adds up N·Out.
		terms:     [3]int{d.IC / d.Groups * volume(d.Kernel), d.OC / d.Groups * volume(d.Kernel), d.N * max(volume(d.In), volume(d.Out))},
		forward:   func(s, t ops.Layout) (ops.Primitive, error) { return ops.NewDeconv(in(s, t)) },
		backward:  func(s, t ops.Layout) (ops.Primitive, error) { return ops.NewDeconvBackwardData(in(s, t)) },
		gradients: func(s, t ops.Layout) (ops.Primitive, error) { return ops.NewDeconvBackwardWeights(in(s, t)) },
		packed: func(s, t ops.Layout, backward bool) *packing {
			d := in(s, t)
			return newPacking(d, d.Packed, backward, ops.NewPackDeconvWeights, ops.NewUnpackDeconvWeights)
		},
	}.job(v)
	return j, name, named(text, err)
}

// newPacking is how weights of the described layer are packed, if they are: those of
// the gradient of src with backward, and else the others.
func newPacking[D interface{ PackedLen(bool) int }](d D, packed, backward bool,
	pack func(D, bool) (ops.Primitive, error), unpack func(D) (ops.Primitive, error),
) *packing {
	if !packed {
		return nil
	}
	return &packing{
		length: d.PackedLen(backward),
		to:     func() (ops.Primitive, error) { return pack(d, backward) },
		plain:  func() (ops.Primitive, error) { return unpack(d) },
	}
}

// tensor is a shape of three spatial axes.
func tensor(n, c int, size [3]int) []int { return append([]int{n, c}, size[:]...) }

func volume(s [3]int) int { return s[0] * s[1] * s[2] }

// named says which descriptor an error is about.
func named(text string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%q: %w", text, err)
}
