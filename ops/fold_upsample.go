package ops

import "fmt"

// FoldUpsampleDesc describes the weights of a deconvolution that does at once what
// nearest up-sampling by Scale and, behind it, a convolution of stride and dilation 1
// do. Up-sampling by s is a deconvolution of stride s with s weights of 1, so that
// the two are one of stride s with K + s − 1 weights per axis:
//
//	folded[ic, oc, t] = Σ_r weights[oc, ic, K − 1 − t + r],  r = 0 … s − 1
//
// per axis, where the convolution has such a weight. Its output is cropped by
// K − 1 less the padding of the convolution.
type FoldUpsampleDesc struct {
	OC, IC, Groups int    // of the convolution
	Kernel         [3]int // of the convolution, in the order D, H, W
	Scale          [3]int // of the up-sampling
}

// Folded is the kernel of the deconvolution.
func (d FoldUpsampleDesc) Folded() (kernel [3]int) {
	for a := range kernel {
		kernel[a] = d.Kernel[a] + d.Scale[a] - 1
	}
	return kernel
}

func (d FoldUpsampleDesc) validate() error {
	const op = "folded up-sampling"
	switch {
	case d.IC < 1 || d.OC < 1 || d.Groups < 1:
		return invalid(op, "channels %d to %d in %d groups: each must be at least 1", d.IC, d.OC, d.Groups)
	case d.IC%d.Groups != 0 || d.OC%d.Groups != 0:
		return invalid(op, "%d groups do not divide %d input and %d output channels", d.Groups, d.IC, d.OC)
	}
	for a, axis := range "DHW" {
		if d.Kernel[a] < 1 || d.Scale[a] < 1 {
			return invalid(op, "axis %c: kernel %d, scale %d: each must be at least 1", axis, d.Kernel[a], d.Scale[a])
		}
	}
	k := d.Folded()
	_, err := elements(op, d.IC, d.OC, k[0], k[1], k[2])
	return err
}

// NewFoldUpsample returns the computation of the deconvolution's weights.
//
//	in:  weights [OC, IC/Groups, Kernel]
//	out: folded [IC, OC/Groups, Kernel + Scale − 1]
func NewFoldUpsample(d FoldUpsampleDesc) (Primitive, error) {
	if err := d.validate(); err != nil {
		return nil, err
	}
	sums := boxSums{src: d.Kernel, dst: d.Folded()}
	for a := range sums.boxes {
		for t := range sums.dst[a] {
			first := d.Kernel[a] - 1 - t
			sums.boxes[a] = append(sums.boxes[a], span{0, d.Kernel[a]}.and(span{first, first + d.Scale[a]}))
		}
	}
	return d.primitive("forward", sums, func(pair int) (dst, src int) { return d.transposed(pair), pair }), nil
}

// NewFoldUpsampleBackward returns the gradient of [NewFoldUpsample]: every weight
// collects from all sums that it is in.
//
//	in:  diffFolded [IC, OC/Groups, Kernel + Scale − 1]
//	out: diffWeights [OC, IC/Groups, Kernel]
func NewFoldUpsampleBackward(d FoldUpsampleDesc) (Primitive, error) {
	if err := d.validate(); err != nil {
		return nil, err
	}
	sums := boxSums{src: d.Folded(), dst: d.Kernel}
	for a := range sums.boxes {
		for k := range sums.dst[a] {
			first := d.Kernel[a] - 1 - k
			sums.boxes[a] = append(sums.boxes[a], span{first, first + d.Scale[a]})
		}
	}
	return d.primitive("backward", sums, func(pair int) (dst, src int) { return pair, d.transposed(pair) }), nil
}

// transposed is the place, in the order of a deconvolution's weights, of a pair of
// channels, of which the convolution's weights have OC·IC/Groups.
func (d FoldUpsampleDesc) transposed(pair int) int {
	in, out := d.IC/d.Groups, d.OC/d.Groups
	oc, c := pair/in, pair%in
	group, f := oc/out, oc%out
	return (group*in+c)*out + f
}

func (d FoldUpsampleDesc) primitive(prop string, sums boxSums, place func(pair int) (dst, src int)) Primitive {
	pairs, dst, src := d.OC*(d.IC/d.Groups), volume(sums.dst), volume(sums.src)
	info := Info{
		Kind: "fold_upsample",
		Prop: prop,
		Problem: fmt.Sprintf("g%dic%doc%d_kd%dkh%dkw%d_sd%dsh%dsw%d", d.Groups, d.IC, d.OC,
			d.Kernel[0], d.Kernel[1], d.Kernel[2], d.Scale[0], d.Scale[1], d.Scale[2]),
		FLOPs: int64(pairs) * int64(volume(d.Kernel)*volume(d.Scale)),
		Bytes: floatBytes(pairs * (dst + src)),

		ScratchPerWorker: sums.src[2],
	}
	rows := divideRows(pairs, dst*volume(d.Scale))
	return newPhased(info, phase{rows.parts, func(c *call, worker, part int) {
		row := c.x.Worker(&info, worker)
		lo, hi := rows.bounds(part)
		for pair := lo; pair < hi; pair++ {
			to, from := place(pair)
			sums.write(c.out[0][to*dst:(to+1)*dst], c.in[0][from*src:(from+1)*src], row)
		}
	}})
}

// boxSums makes every element of a volume the sum over a box of another one. The box
// is the product of one range for each coordinate of the element.
type boxSums struct {
	src, dst [3]int // sizes
	boxes    [3][]span
}

// write uses row, of the width of src, for the sums over D and H of a box.
func (b *boxSums) write(dst, src, row []float32) {
	i := 0
	for _, d := range b.boxes[0] {
		for _, h := range b.boxes[1] {
			b.addRows(row, src, d, h)
			for _, w := range b.boxes[2] {
				sum := float32(0)
				for _, v := range row[w.lo:w.hi] {
					sum += v
				}
				dst[i] = sum
				i++
			}
		}
	}
}

// addRows makes row the sum of the rows of src in planes d, at heights h.
func (b *boxSums) addRows(row, src []float32, d, h span) {
	clear(row)
	for z := d.lo; z < d.hi; z++ {
		for y := h.lo; y < h.hi; y++ {
			from := src[(z*b.src[1]+y)*len(row):][:len(row)]
			for i, v := range from {
				row[i] += v
			}
		}
	}
}
