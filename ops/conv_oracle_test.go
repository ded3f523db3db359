package ops

// product is one term of a convolution: dst[dst] gets weights[weight]·src[src].
type product struct{ src, weight, dst int }

// convProducts calls do for every term of a convolution, as the formula of
// ConvDesc says: the oracle of the whole family, since the data gradient adds the
// same terms to src and the weight gradient adds them to the weights.
func convProducts(d ConvDesc, do func(product)) {
	in, out := d.IC/d.Groups, d.OC/d.Groups
	for n := range d.N {
		for oc := range d.OC {
			for ic := range in {
				src, dst := n*d.IC+oc/out*in+ic, n*d.OC+oc
				eachPoint(d.Out, func(o [3]int) {
					eachPoint(d.Kernel, func(k [3]int) {
						var i [3]int
						for a := range i {
							i[a] = o[a]*d.Stride[a] + k[a]*d.Dilation[a] - d.PadLo[a]
						}
						if inside(i, d.In) {
							do(product{at(src, i, d.In), at(oc*in+ic, k, d.Kernel), at(dst, o, d.Out)})
						}
					})
				})
			}
		}
	}
}

// deconvProducts does the same for a deconvolution.
func deconvProducts(d DeconvDesc, do func(product)) {
	in, out := d.IC/d.Groups, d.OC/d.Groups
	for n := range d.N {
		for ic := range d.IC {
			for oc := range out {
				src, dst := n*d.IC+ic, n*d.OC+ic/in*out+oc
				eachPoint(d.In, func(i [3]int) {
					eachPoint(d.Kernel, func(k [3]int) {
						var o [3]int
						for a := range o {
							o[a] = i[a]*d.Stride[a] + k[a]*d.Dilation[a] - d.PadLo[a]
						}
						if inside(o, d.Out) {
							do(product{at(src, i, d.In), at(ic*out+oc, k, d.Kernel), at(dst, o, d.Out)})
						}
					})
				})
			}
		}
	}
}

func eachPoint(size [3]int, do func(p [3]int)) {
	for d := range size[0] {
		for h := range size[1] {
			for w := range size[2] {
				do([3]int{d, h, w})
			}
		}
	}
}

func inside(p, size [3]int) bool {
	for a := range p {
		if p[a] < 0 || p[a] >= size[a] {
			return false
		}
	}
	return true
}

func at(image int, p, size [3]int) int {
	return ((image*size[0]+p[0])*size[1]+p[1])*size[2] + p[2]
}

// layer is a convolution, deconvolution or inner product under test, with the
// terms it consists of.
type layer struct {
	n                 int // samples
	src, weights, dst int // lengths
	channels          int // of dst; 0 without bias
	products          func(do func(product))

	forward, backwardData, backwardWeights func() (Primitive, error)
}

func (d ConvDesc) layer() layer {
	return layer{
		products: func(do func(product)) { convProducts(d, do) },
		n:        d.N,
		src:      d.SrcLen(), weights: d.WeightsLen(), dst: d.DstLen(), channels: biased(d.Bias, d.OC),
		forward:         func() (Primitive, error) { return NewConv(d) },
		backwardData:    func() (Primitive, error) { return NewConvBackwardData(d) },
		backwardWeights: func() (Primitive, error) { return NewConvBackwardWeights(d) },
	}
}

func biased(bias bool, channels int) int {
	if bias {
		return channels
	}
	return 0
}

// channel is the channel of element i of dst.
func (l *layer) channel(i int) int { return i * l.n * l.channels / l.dst % l.channels }

// refForward is dst before Post.
func (l *layer) refForward(src, weights, bias []float32) []float64 {
	dst := make([]float64, l.dst)
	l.products(func(p product) { dst[p.dst] += float64(weights[p.weight]) * float64(src[p.src]) })
	if l.channels > 0 {
		for i := range dst {
			dst[i] += float64(bias[l.channel(i)])
		}
	}
	return dst
}

func (l *layer) refBackwardData(diffDst, weights []float32) []float64 {
	diffSrc := make([]float64, l.src)
	l.products(func(p product) { diffSrc[p.src] += float64(weights[p.weight]) * float64(diffDst[p.dst]) })
	return diffSrc
}

func (l *layer) refBackwardWeights(src, diffDst []float32) (diffWeights, diffBias []float64) {
	diffWeights, diffBias = make([]float64, l.weights), make([]float64, l.channels)
	l.products(func(p product) { diffWeights[p.weight] += float64(diffDst[p.dst]) * float64(src[p.src]) })
	if l.channels > 0 {
		for i, v := range diffDst {
			diffBias[l.channel(i)] += float64(v)
		}
	}
	return diffWeights, diffBias
}

func (d DeconvDesc) layer() layer {
	return layer{
		products: func(do func(product)) { deconvProducts(d, do) },
		n:        d.N,
		src:      d.SrcLen(), weights: d.WeightsLen(), dst: d.DstLen(), channels: biased(d.Bias, d.OC),
		forward:         func() (Primitive, error) { return NewDeconv(d) },
		backwardData:    func() (Primitive, error) { return NewDeconvBackwardData(d) },
		backwardWeights: func() (Primitive, error) { return NewDeconvBackwardWeights(d) },
	}
}

func (d InnerProductDesc) layer() layer {
	return layer{
		products: func(do func(product)) {
			for n := range d.N {
				for oc := range d.OC {
					for ic := range d.IC {
						do(product{n*d.IC + ic, oc*d.IC + ic, n*d.OC + oc})
					}
				}
			}
		},
		n: d.N, src: d.N * d.IC, weights: d.OC * d.IC, dst: d.N * d.OC, channels: biased(d.Bias, d.OC),
		forward:         func() (Primitive, error) { return NewInnerProduct(d) },
		backwardData:    func() (Primitive, error) { return NewInnerProductBackwardData(d) },
		backwardWeights: func() (Primitive, error) { return NewInnerProductBackwardWeights(d) },
	}
}
