package main

import (
	"github.com/cascade-hpc/cascade/ops"
	"github.com/cascade-hpc/cascade/ops/bench/internal/desc"
)

var innerProduct = &driver{name: "ip", choices: layerChoices(), build: buildInnerProduct}

func buildInnerProduct(v variant, text string) (job, string, error) {
	d, name, err := desc.InnerProduct(text, v.mb())
	if err != nil {
		return job{}, "", err
	}
	if d.Post, err = parseActivation(v["attr-post-ops"]); err != nil {
		return job{}, "", err
	}
	d.Bias = hasBias(v)
	j, err := layer{
		src: []int{d.N, d.IC}, weights: []int{d.OC, d.IC}, dst: []int{d.N, d.OC},
		channels:  d.OC,
		terms:     [3]int{d.IC, d.OC, d.N},
		forward:   func() (ops.Primitive, error) { return ops.NewInnerProduct(d) },
		backward:  func() (ops.Primitive, error) { return ops.NewInnerProductBackwardData(d) },
		gradients: func() (ops.Primitive, error) { return ops.NewInnerProductBackwardWeights(d) },
	}.job(v)
	return j, name, named(text, err)
}
