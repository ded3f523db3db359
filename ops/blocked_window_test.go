package ops

import (
	"math"
	"testing"
)

// blockedPools are the poolings of a shape, forward and backward.
func blockedPools(d PoolingDesc, ceil bool) (layers []laidOutLayer) {
	for a := range d.Out {
		d.Out[a] = PoolSize(d.In[a], d.Kernel[a], d.Stride[a], d.PadLo[a], d.PadHi[a], ceil)
	}
	in, out := shapeOf(d.N, d.C, d.In), shapeOf(d.N, d.C, d.Out)
	src, diff := integers(NCX.Size(in), 3, 1), noise(NCX.Size(out), 2) // few values: many equal maxima
	src[0], src[len(src)-1] = float32(math.NaN()), float32(math.Inf(-1))
	of := func(kind PoolingKind, l Layout) PoolingDesc { e := d; e.Kind, e.Layout = kind, l; return e }
	for _, kind := range []PoolingKind{MaxPooling, AveragePooling} {
		tolerance := 0.0
		if kind == AveragePooling {
			tolerance = 3e-7 // what windows give to an element that they share is added up in another order
		}
		layers = append(layers, laidOutLayer{
			func(l Layout) (Primitive, error) { return NewPooling(of(kind, l)) },
			[][]float32{src},
			[][]int{in},
			[][]int{out},
			0,
		}, laidOutLayer{
			func(l Layout) (Primitive, error) { return NewPoolingBackward(of(kind, l)) },
			[][]float32{diff, src},
			[][]int{out, in},
			[][]int{in},
			tolerance,
		})
	}
	return layers
}

func TestPoolingInBlocks(t *testing.T) {
	for _, s := range poolShapes[2 : len(poolShapes)-2] {
		t.Run(s.name, func(t *testing.T) {
			eachBlockedBatch(t, func(n, c int) []laidOutLayer {
				d := s.d
				d.N, d.C = n, c
				return blockedPools(d, s.ceil)
			})
		})
	}
}

func TestUpsampleInBlocks(t *testing.T) {
	for _, s := range upsampleShapes[2 : len(upsampleShapes)-1] {
		t.Run(s.name, func(t *testing.T) {
			eachBlockedBatch(t, func(n, c int) []laidOutLayer {
				d := s.d
				d.N, d.C = n, c
				in, out := shapeOf(n, c, d.In), shapeOf(n, c, d.Out())
				of := func(l Layout) UpsampleDesc { e := d; e.Layout = l; return e }
				return []laidOutLayer{{
					func(l Layout) (Primitive, error) { return NewUpsample(of(l)) },
					[][]float32{noise(NCX.Size(in), 1)},
					[][]int{in},
					[][]int{out},
					0,
				}, {
					func(l Layout) (Primitive, error) { return NewUpsampleBackward(of(l)) },
					[][]float32{noise(NCX.Size(out), 2)},
					[][]int{out},
					[][]int{in},
					0,
				}}
			})
		})
	}
}

func TestPadAndCropInBlocks(t *testing.T) {
	for _, s := range padShapes[2 : len(padShapes)-1] {
		t.Run(s.name, func(t *testing.T) {
			eachBlockedBatch(t, func(n, c int) []laidOutLayer {
				d := s.d
				d.N, d.C = n, c
				in, out := shapeOf(n, c, d.In), shapeOf(n, c, d.Out())
				of := func(l Layout) PadDesc { e := d; e.Layout = l; return e }
				return []laidOutLayer{{
					func(l Layout) (Primitive, error) { return NewPad(of(l)) },
					[][]float32{noise(NCX.Size(in), 1)},
					[][]int{in},
					[][]int{out},
					0,
				}, {
					func(l Layout) (Primitive, error) { return NewCrop(of(l)) },
					[][]float32{noise(NCX.Size(out), 2)},
					[][]int{out},
					[][]int{in},
					0,
				}}
			})
		})
	}
}

func TestSpatialReduceAndBroadcast(t *testing.T) {
	for _, mean := range []bool{false, true} {
		for _, spatial := range []int{1, 50, 601} {
			eachBlockedBatch(t, func(n, c int) []laidOutLayer {
				tensor := []int{n, c, spatial}
				of := func(l Layout) SpatialDesc { return SpatialDesc{N: n, C: c, Spatial: spatial, Mean: mean, Layout: l} }
				return []laidOutLayer{{
					func(l Layout) (Primitive, error) { return NewSpatialReduce(of(l)) },
					[][]float32{noise(n*c*spatial, 1)},
					[][]int{tensor},
					[][]int{{n * c}},
					2e-7,
				}, {
					func(l Layout) (Primitive, error) { return NewSpatialBroadcast(of(l)) },
					[][]float32{noise(n*c, 1)},
					[][]int{{n * c}},
					[][]int{tensor},
					0,
				}}
			})
		}
	}
}

func TestConcatAndSliceChannels(t *testing.T) {
	for _, channels := range [][]int{{5}, {16, 16}, {32, 16, 7}, {1, 15, 16}, {3, 0, 30, 17}, {16, 0, 33, 48}, {17, 17}} {
		for _, spatial := range []int{1, 700} {
			for _, n := range []int{2, 16} {
				concatInBlocks(t, n, channels, spatial)
			}
		}
	}
}

// concatInBlocks joins tensors and takes them apart.
func concatInBlocks(t *testing.T, n int, channels []int, spatial int) {
	t.Helper()
	var in [][]float32
	var shapes [][]int
	total := 0
	for i, c := range channels {
		in = append(in, noise(n*c*spatial, uint64(i)))
		shapes = append(shapes, []int{n, c, spatial})
		total += c
	}
	whole := []int{n, total, spatial}
	laidOutLayer{func(l Layout) (Primitive, error) {
		return NewConcatChannels(ConcatDesc{N: n, C: channels, Spatial: spatial, Layout: l})
	}, in, shapes, [][]int{whole}, 0}.compare(t)
	start, joined := 0, noise(NCX.Size(whole), 9)
	for i, c := range channels {
		laidOutLayer{func(l Layout) (Primitive, error) {
			return NewSliceChannels(SliceDesc{N: n, C: total, Start: start, Count: c, Spatial: spatial, Layout: l})
		}, [][]float32{joined}, [][]int{whole}, shapes[i : i+1], 0}.compare(t)
		start += c
	}
}
