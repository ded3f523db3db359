package ops

import "fmt"

// InnerProductDesc describes an inner product: a dense layer, of which each
// sample is a vector.
//
//	dst[n, oc] = bias[oc] + Σ_ic weights[oc, ic] · src[n, ic]
type InnerProductDesc struct {
	N, IC, OC int
	Bias      bool
	Post      Activation // applied to dst in the same pass; the zero value is none
}

// Validate reports the first thing in the descriptor that cannot be.
func (d InnerProductDesc) Validate() error {
	switch {
	case d.N < 0:
		return invalid("inner product", "batch %d is negative", d.N)
	case d.IC < 1 || d.OC < 1:
		return invalid("inner product", "channels %d to %d: each must be at least 1", d.IC, d.OC)
	}
	for _, sizes := range [][]int{{d.N, d.IC}, {d.N, d.OC}, {d.OC, d.IC}} {
		if _, err := elements("inner product", sizes...); err != nil {
			return err
		}
	}
	return d.Post.validate()
}

// MACs is the number of multiply-adds of one execution.
func (d InnerProductDesc) MACs() int64 { return int64(d.N) * int64(d.IC) * int64(d.OC) }

// NewInnerProduct returns an inner product.
//
//	in:  src [N, IC], weights [OC, IC], and with Bias bias [OC]
//	out: dst [N, OC]
func NewInnerProduct(d InnerProductDesc) (Primitive, error) {
	if err := d.Validate(); err != nil {
		return nil, err
	}
	// A row of few outputs fills lanes, or leaves them to the products of rows.
	if g := d.packed(); g.pays() && (d.OC >= leastPacked || d.OC%Block == 0) {
		return newPackedProduct(g, d.info("forward_training", d.Bias)), nil
	}
	return newRowProducts(d), nil
}

// packed is the inner product with packed weights.
func (d InnerProductDesc) packed() packedProduct {
	return packedProduct{
		matrixProduct: matrixProduct{
			rows: d.N, cols: d.OC, k: d.IC, a: matrix{input: 0, rowStride: d.IC, kStride: 1}, b: 1,
		},
		bFactor: factor{kStride: 1, stride: d.IC}, bias: d.Bias, post: d.Post,
	}
}

// NewInnerProductBackwardData returns the gradient of an inner product with respect
// to its source: diffSrc[n, ic] = Σ_oc weights[oc, ic] · diffDst[n, oc]. Bias and
// Post of the descriptor are ignored.
//
//	in:  diffDst [N, OC], weights [OC, IC]
//	out: diffSrc [N, IC]
func NewInnerProductBackwardData(d InnerProductDesc) (Primitive, error) {
	if err := d.Validate(); err != nil {
		return nil, err
	}
	return newProduct(matrixProduct{
		rows: d.N, cols: d.IC, k: d.OC,
		a: matrix{input: 0, rowStride: d.OC, kStride: 1}, b: 1,
	}, d.info("backward_data", false)), nil
}

// NewInnerProductBackwardWeights returns the gradient of an inner product with
// respect to its weights, diffWeights[oc, ic] = Σ_n diffDst[n, oc] · src[n, ic], and
// with Bias to its bias. Post of the descriptor is ignored.
//
//	in:  src [N, IC], diffDst [N, OC]
//	out: diffWeights [OC, IC], and with Bias diffBias [OC]
func NewInnerProductBackwardWeights(d InnerProductDesc) (Primitive, error) {
	if err := d.Validate(); err != nil {
		return nil, err
	}
	return newProduct(matrixProduct{
		rows: d.OC, cols: d.IC, k: d.N,
		a: matrix{input: 1, rowStride: 1, kStride: d.OC}, b: 0,
		rowSums: d.Bias,
	}, d.info("backward_weights", d.Bias)), nil
}

func (d InnerProductDesc) info(prop string, bias bool) Info {
	floats := d.N*d.IC + d.N*d.OC + d.OC*d.IC
	if bias {
		floats += d.OC
	}
	return Info{
		Kind: "inner_product", Prop: prop, Problem: fmt.Sprintf("mb%dic%doc%d", d.N, d.IC, d.OC),
		FLOPs: 2 * d.MACs(), Bytes: floatBytes(floats),
	}
}
