package ops

import "fmt"

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
	_, err := elements(op, d.N, d.C, d.In[0], d.In[1], d.In[2], d.Scale[0], d.Scale[1], d.Scale[2])
	return err
}

func (d UpsampleDesc) info(prop string) Info {
	planes, out := d.N*d.C, d.Out()
	return Info{
		Kind: "resampling",
		Prop: prop,
		Problem: fmt.Sprintf("alg:resampling_nearest mb%dic%d_id%dih%diw%d_od%doh%dow%d", d.N, d.C,
			d.In[0], d.In[1], d.In[2], out[0], out[1], out[2]),
		Bytes: floatBytes(planes * (volume(d.In) + volume(out))),
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
	out, width := d.Out(), d.In[2]
	rows := divideRows(d.N*d.C*out[0]*out[1], out[2])
	return newPhased(d.info("forward_training"), overRanges(rows, func(c *call, lo, hi int) {
		for r := lo; r < hi; r++ {
			plane, z, y := r/(out[0]*out[1]), r/out[1]%out[0], r%out[1]
			from := ((plane*d.In[0]+z/d.Scale[0])*d.In[1] + y/d.Scale[1]) * width
			stretch(c.out[0][r*out[2]:(r+1)*out[2]], c.in[0][from:from+width], d.Scale[2])
		}
	})), nil
}

// stretch writes every element times times.
func stretch(dst, src []float32, times int) {
	if times == 1 {
		copy(dst, src)
		return
	}
	for i, v := range src {
		block := dst[i*times:][:times]
		for k := range block {
			block[k] = v
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
	width := d.In[2]
	rows := divideRows(d.N*d.C*d.In[0]*d.In[1], width*volume(d.Scale))
	info := d.info("backward_data")
	info.FLOPs = int64(d.N) * int64(d.C) * int64(volume(d.Out()))
	return newPhased(info, overRanges(rows, func(c *call, lo, hi int) {
		for r := lo; r < hi; r++ {
			d.sumBlocks(c.out[0][r*width:(r+1)*width], c.in[0], r)
		}
	})), nil
}

// sumBlocks writes row r of diffSrc, rows being counted through all planes.
func (d UpsampleDesc) sumBlocks(diffSrc, diffDst []float32, r int) {
	out := d.Out()
	depth, y := r/d.In[1], r%d.In[1] // depth counts through all planes too
	first := (depth*d.Scale[0]*out[1] + y*d.Scale[1]) * out[2]
	for i := range diffSrc {
		sum := 0.0
		for z := range d.Scale[0] {
			for y := range d.Scale[1] {
				at := first + (z*out[1]+y)*out[2] + i*d.Scale[2]
				for _, v := range diffDst[at : at+d.Scale[2]] {
					sum += float64(v)
				}
			}
		}
		diffSrc[i] = float32(sum)
	}
}
