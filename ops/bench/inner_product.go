package main

import (
	"fmt"

	"github.com/cascade-hpc/cascade/ops"
	"github.com/cascade-hpc/cascade/ops/bench/internal/desc"
)

var innerProduct = &driver{name: "ip", choices: layerChoices(plain), build: buildInnerProduct}

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
		forward:   inPlain(ops.NewInnerProduct, d),
		backward:  inPlain(ops.NewInnerProductBackwardData, d),
		gradients: inPlain(ops.NewInnerProductBackwardWeights, d),
	}.job(v)
	return j, name, named(text, err)
}

// inPlain makes the primitive of a descriptor where both layouts are plain.
func inPlain(build func(ops.InnerProductDesc) (ops.Primitive, error), d ops.InnerProductDesc) inLayouts {
	return func(src, dst ops.Layout) (ops.Primitive, error) {
		if src != ops.NCX || dst != ops.NCX {
			return nil, fmt.Errorf("an inner product from %s to %s: %w", src, dst, desc.ErrUnimplemented)
		}
		return build(d)
	}
}
