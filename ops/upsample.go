package ops

import (
	"fmt"
	"math"
)

// UpsampleDesc describes nearest-neighbour up-sampling over D, H and W: every
// element becomes a block of Scale[0] x Scale[1] x Scale[2] copies,
//
//	dst[d, h, w] = src[d / Scale[0], h / Scale[1], w / Scale[2]]
//
// An image has D = 1 with a scale of 1 there.
type UpsampleDesc struct {
	N, C  int
	In    [3]int // spatial sizes of src
	Scale [3]int
	// Layout is that of both tensors. N is a multiple of 16 in NCX16n.
	Layout Layout
}

// Out are the spatial sizes of dst.
func (d UpsampleDesc) Out() [3]int {
	return [3]int{d.In[0] * d.Scale[0], d.In[1] * d.Scale[1], d.In[2] * d.Scale[2]}
}

func (d UpsampleDesc) validate() error {
	const op = "upsample"
	for a, axis := range "DHW" {
		if d.In[a] < 1 || d.Scale[a] < 1 {
			return invalid(op, "axis %c: input %d, scale %d: each must be at least 1", axis, d.In[a], d.Scale[a])
		}
	}
	if d.In[2] > math.MaxInt32 {
		return invalid(op, "axis W: input %d: it must not be above %d", d.In[2], math.MaxInt32)
	}
	if _, err := elements(op, d.N, d.C, d.In[0], d.In[1], d.In[2], d.Scale[0], d.Scale[1], d.Scale[2], d.Layout.cell()); err != nil {
		return err
	}
	return d.Layout.check(op, d.N)
}

func (d UpsampleDesc) info(prop string) Info {
	planes, out := d.Layout.planes(d.N, d.C), d.Out()
	return Info{
		Kind: "resampling",
		Prop: prop,
		Problem: fmt.Sprintf("alg:resampling_nearest mb%dic%d_id%dih%diw%d_od%doh%dow%d", d.N, d.C,
			d.In[0], d.In[1], d.In[2], out[0], out[1], out[2]),
		Bytes: floatBytes(planes * d.Layout.cell() * (volume(d.In) + volume(out))),
	}
}

// NewUpsample returns nearest-neighbour up-sampling.
//
//	in:  src [N, C, In]
//	out: dst [N, C, In·Scale]
func NewUpsample(d UpsampleDesc) (Primitive, error) {
	if err := d.validate(); err != nil {
		return nil, err
	}
	l, info, cell := currentLoops(), d.info("forward_training"), d.Layout.cell()
	info.Impl = l.impl()
	repeat := l.cells.repeat
	if d.Layout == NCX {
		repeat = l.upsampleRows
	}
	index := make([]int32, d.Out()[2])
	for i := range index {
		index[i] = int32(i / d.Scale[2])
	}
	rows := divideRows(d.Layout.planes(d.N, d.C)*d.In[0]*d.In[1], len(index)*d.Scale[0]*d.Scale[1]*cell)
	return newPhased(info, overRanges(rows, func(c *call, lo, hi int) {
		for lo < hi {
			end := min((lo/d.In[1]+1)*d.In[1], hi) // of the plane
			d.copyRows(repeat, c.out[0], c.in[0], index, lo, end)
			lo = end
		}
	})), nil
}

// copyRows writes what comes of the rows lo to hi of src, which lie in one plane.
func (d UpsampleDesc) copyRows(repeat upsampler, dst, src []float32, index []int32, lo, hi int) {
	out, cell := d.Out(), d.Layout.cell()
	width, plane := d.In[2]*cell, out[1]*out[2]*cell
	first := lo/d.In[1]*d.Scale[0]*plane + lo%d.In[1]*d.Scale[1]*out[2]*cell
	n := (hi - lo) * d.Scale[1] * out[2] * cell
	repeat(dst[first:first+n], src[lo*width:hi*width], index, d.Scale[1])
	for z := 1; z < d.Scale[0]; z++ {
		copy(dst[first+z*plane:][:n], dst[first:first+n])
	}
}

// An upsampler writes every row of src copies times, with element or cell index[i] at
// place i. The last index is that of the last one.
type upsampler = func(dst, src []float32, index []int32, copies int)

// upsampleRowsPortable is the upsampler of elements.
func upsampleRowsPortable(dst, src []float32, index []int32, copies int) {
	width, n := int(index[len(index)-1])+1, len(index)
	for ; len(src) > 0; src, dst = src[width:], dst[copies*n:] {
		for i, from := range index {
			dst[i] = src[from]
		}
		for k := 1; k < copies; k++ {
			copy(dst[k*n:][:n], dst[:n])
		}
	}
}

// repeatCellsPortable is the upsampler of cells.
func repeatCellsPortable(dst, src []float32, index []int32, copies int) {
	width, n := (int(index[len(index)-1])+1)*Block, len(index)*Block
	for ; len(src) > 0; src, dst = src[width:], dst[copies*n:] {
		for i, from := range index {
			copy(dst[i*Block:(i+1)*Block], src[int(from)*Block:])
		}
		for k := 1; k < copies; k++ {
			copy(dst[k*n:][:n], dst[:n])
		}
	}
}

// NewUpsampleBackward returns the gradient of [NewUpsample]: the sum over every
// block, formed in float64.
//
//	in:  diffDst [N, C, In·Scale]
//	out: diffSrc [N, C, In]
func NewUpsampleBackward(d UpsampleDesc) (Primitive, error) {
	if err := d.validate(); err != nil {
		return nil, err
	}
	out, cell := d.Out(), d.Layout.cell()
	width := d.In[2] * cell
	rows := divideRows(d.Layout.planes(d.N, d.C)*d.In[0]*d.In[1], width*volume(d.Scale))
	l, info := currentLoops(), d.info("backward_data")
	info.Impl = l.impl()
	info.FLOPs = int64(d.N) * int64(d.C) * int64(volume(out))
	blocks := windowRow{
		planes: d.Scale[0], planeStride: out[1] * out[2],
		rows: d.Scale[1], rowStride: out[2], taps: d.Scale[2], stride: d.Scale[2],
	}
	averages := l.windowsOf(d.Layout).averages
	return newPhased(info, overRanges(rows, func(c *call, lo, hi int) {
		for r := lo; r < hi; r++ {
			depth, y := r/d.In[1], r%d.In[1] // depth counts through all planes
			b := blocks
			b.at = (depth*d.Scale[0]*out[1] + y*d.Scale[1]) * out[2]
			averages(b, c.out[0][r*width:(r+1)*width], c.in[0], 1)
		}
	})), nil
}
