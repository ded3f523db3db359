package ops

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

var poolShapes = []struct {
	name string
	d    PoolingDesc
	ceil bool
}{
	{"one element", PoolingDesc{N: 1, C: 1, In: [3]int{1, 1, 1}, Kernel: [3]int{1, 1, 1}, Stride: [3]int{1, 1, 1}}, false},
	{"empty batch", PoolingDesc{N: 0, C: 3, In: [3]int{4, 4, 4}, Kernel: [3]int{2, 2, 2}, Stride: [3]int{2, 2, 2}}, false},
	{"halves", PoolingDesc{N: 2, C: 3, In: [3]int{8, 6, 4}, Kernel: [3]int{2, 2, 2}, Stride: [3]int{2, 2, 2}}, false},
	{"a rest is left", PoolingDesc{N: 2, C: 3, In: [3]int{7, 5, 9}, Kernel: [3]int{2, 2, 2}, Stride: [3]int{2, 2, 2}}, false},
	{"a rest is taken", PoolingDesc{N: 2, C: 3, In: [3]int{7, 5, 9}, Kernel: [3]int{2, 2, 2}, Stride: [3]int{2, 2, 2}}, true},
	{"overlapping, padded image", PoolingDesc{N: 3, C: 2, In: [3]int{1, 11, 13}, Kernel: [3]int{1, 3, 3}, Stride: [3]int{1, 2, 2}, PadLo: [3]int{0, 1, 1}, PadHi: [3]int{0, 1, 1}}, false},
	{"padding on one side", PoolingDesc{N: 1, C: 2, In: [3]int{5, 6, 7}, Kernel: [3]int{3, 4, 3}, Stride: [3]int{1, 2, 3}, PadLo: [3]int{0, 3, 2}, PadHi: [3]int{2, 0, 1}}, false},
	{"beyond the padding", PoolingDesc{N: 1, C: 2, In: [3]int{5, 6, 8}, Kernel: [3]int{3, 3, 5}, Stride: [3]int{2, 3, 4}, PadLo: [3]int{1, 1, 2}, PadHi: [3]int{1, 0, 2}}, true},
	{"a window in the right padding is dropped", PoolingDesc{N: 1, C: 1, In: [3]int{1, 2, 2}, Kernel: [3]int{1, 2, 2}, Stride: [3]int{1, 3, 3}, PadLo: [3]int{0, 1, 1}, PadHi: [3]int{0, 1, 1}}, true},
	{"kernel larger than the input", PoolingDesc{N: 1, C: 2, In: [3]int{2, 2, 3}, Kernel: [3]int{3, 3, 4}, Stride: [3]int{2, 2, 2}}, true},
	{"stride beyond the kernel", PoolingDesc{N: 2, C: 2, In: [3]int{7, 8, 9}, Kernel: [3]int{2, 1, 2}, Stride: [3]int{3, 3, 4}}, false},
	{"the whole volume", PoolingDesc{N: 3, C: 5, In: [3]int{5, 6, 7}, Kernel: [3]int{5, 6, 7}, Stride: [3]int{1, 1, 1}}, false},
	{"rows longer than the lanes", PoolingDesc{N: 1, C: 2, In: [3]int{1, 3, 3*windowLanes + 1}, Kernel: [3]int{1, 2, 3}, Stride: [3]int{1, 1, 1}, PadLo: [3]int{0, 1, 2}, PadHi: [3]int{0, 0, 2}}, false},
	{"more than a part", PoolingDesc{N: 9, C: 7, In: [3]int{4, 31, 29}, Kernel: [3]int{2, 3, 3}, Stride: [3]int{1, 2, 2}, PadLo: [3]int{1, 1, 1}, PadHi: [3]int{0, 1, 1}}, false},
}

// pool64 calls f for every window with its gradient's index, the places of its
// elements in order, and PyTorch's divisor: by the definition, one tap at a time.
func pool64(d PoolingDesc, f func(out int, places []int, divisor int)) {
	index := 0
	for plane := range d.N * d.C {
		for od := range d.Out[0] {
			for oh := range d.Out[1] {
				for ow := range d.Out[2] {
					var places []int
					divisor := 0
					for k := range volume(d.Kernel) {
						at := [3]int{
							od*d.Stride[0] + k/(d.Kernel[1]*d.Kernel[2]) - d.PadLo[0],
							oh*d.Stride[1] + k/d.Kernel[2]%d.Kernel[1] - d.PadLo[1],
							ow*d.Stride[2] + k%d.Kernel[2] - d.PadLo[2],
						}
						inside, padded := true, true
						for a, i := range at {
							inside = inside && i >= 0 && i < d.In[a]
							padded = padded && i < d.In[a]+d.PadHi[a]
						}
						if inside {
							places = append(places, ((plane*d.In[0]+at[0])*d.In[1]+at[1])*d.In[2]+at[2])
						}
						if inside || d.CountPad && padded {
							divisor++
						}
					}
					f(index, places, divisor)
					index++
				}
			}
		}
	}
}

// first is the place of the first largest element.
func first(x []float32, places []int) int {
	best := places[0]
	for _, i := range places {
		if x[i] > x[best] {
			best = i
		}
	}
	return best
}

func eachPooling(t *testing.T, kind PoolingKind, f func(t *testing.T, d PoolingDesc, in, out int)) {
	t.Helper()
	for _, s := range poolShapes {
		for _, count := range []bool{false, true} {
			if count && kind == MaxPooling {
				continue
			}
			d := s.d
			d.Kind, d.CountPad = kind, count
			for a := range d.Out {
				d.Out[a] = PoolSize(d.In[a], d.Kernel[a], d.Stride[a], d.PadLo[a], d.PadHi[a], s.ceil)
			}
			t.Run(fmt.Sprintf("%s, count padding %v", s.name, count), func(t *testing.T) {
				f(t, d, d.N*d.C*volume(d.In), d.N*d.C*volume(d.Out))
			})
		}
	}
}

func TestMaxPooling(t *testing.T) {
	eachPooling(t, MaxPooling, func(t *testing.T, d PoolingDesc, in, out int) {
		src, diff := integers(in, 3, 1), integers(out, 100, 2) // few values: many equal maxima
		wantDst, wantDiff := make([]float32, out), make([]float32, in)
		pool64(d, func(o int, places []int, _ int) {
			i := first(src, places)
			wantDst[o] = src[i]
			wantDiff[i] += diff[o]
		})
		p, err := NewPooling(d)
		assert.Equal(t, wantDst, check(t, must(t, p, err), [][]float32{src}, out)[0])
		p, err = NewPoolingBackward(d)
		assert.Equal(t, wantDiff, check(t, must(t, p, err), [][]float32{diff, src}, in)[0])
	})
}

func TestAveragePooling(t *testing.T) {
	eachPooling(t, AveragePooling, func(t *testing.T, d PoolingDesc, in, out int) {
		src, diff := noise(in, 1), noise(out, 2)
		wantDst, wantDiff := make([]float64, out), make([]float64, in)
		pool64(d, func(o int, places []int, divisor int) {
			for _, i := range places {
				wantDst[o] += float64(src[i]) / float64(divisor)
				wantDiff[i] += float64(diff[o]) / float64(divisor)
			}
		})
		p, err := NewPooling(d)
		assertNear(t, wantDst, check(t, must(t, p, err), [][]float32{src}, out)[0], 1e-6, "dst")
		p, err = NewPoolingBackward(d)
		assertNear(t, wantDiff, check(t, must(t, p, err), [][]float32{diff, nil}, in)[0], 1e-6, "diffSrc")
	})
}

func TestMaxPoolingOfSpecialValues(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for _, tc := range []struct {
		name  string
		src   []float32
		want  float32
		place int
	}{
		{"all negative, beside padding", []float32{-3, -1, -2}, -1, 1},
		{"all minus infinity", []float32{-inf, -inf, -inf}, -inf, 0},
		{"NaN in front", []float32{nan, 1, 2}, nan, 0},
		{"NaN after the maximum", []float32{inf, 1, nan}, nan, 2},
		{"several NaN", []float32{1, nan, nan}, nan, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := PoolingDesc{
				N: 1, C: 1, In: [3]int{1, 1, 3}, Out: [3]int{1, 1, 1}, Kernel: [3]int{1, 1, 5},
				Stride: [3]int{1, 1, 1}, PadLo: [3]int{0, 0, 1}, PadHi: [3]int{0, 0, 1},
			}
			p, err := NewPooling(d)
			got := check(t, must(t, p, err), [][]float32{tc.src}, 1)[0][0]
			assert.Equal(t, fmt.Sprint(tc.want), fmt.Sprint(got))
			want := make([]float32, 3)
			want[tc.place] = 5
			p, err = NewPoolingBackward(d)
			assert.Equal(t, want, check(t, must(t, p, err), [][]float32{{5}, tc.src}, 3)[0])
		})
	}
}

// The expected sizes are those of torch.nn.functional.max_pool1d.
func TestPoolSize(t *testing.T) {
	for _, tc := range []struct {
		name                  string
		in, k, stride, lo, hi int
		floor, ceil           int
	}{
		{"exact", 8, 2, 2, 0, 0, 4, 4},
		{"a rest", 8, 3, 2, 0, 0, 3, 4},
		{"padded", 9, 3, 2, 1, 1, 5, 5},
		{"the last window would start in the padding", 2, 2, 3, 1, 1, 1, 1},
		{"kernel beyond the input", 2, 3, 2, 0, 0, 0, 1},
		{"kernel far beyond the input", 2, 9, 2, 0, 0, 0, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			assert.Equal(t, tc.floor, PoolSize(tc.in, tc.k, tc.stride, tc.lo, tc.hi, false), "rounded down")
			assert.Equal(t, tc.ceil, PoolSize(tc.in, tc.k, tc.stride, tc.lo, tc.hi, true), "rounded up")
		})
	}
}

func BenchmarkPooling(b *testing.B) {
	for _, s := range []struct {
		name string
		d    PoolingDesc
	}{
		{"volumes 2x2x2", PoolingDesc{N: 16, C: 16, In: [3]int{24, 24, 24}, Out: [3]int{12, 12, 12}, Kernel: [3]int{2, 2, 2}, Stride: [3]int{2, 2, 2}}},
		{"maps 3x3 s2", PoolingDesc{N: 16, C: 64, In: [3]int{1, 112, 112}, Out: [3]int{1, 56, 56}, Kernel: [3]int{1, 3, 3}, Stride: [3]int{1, 2, 2}, PadLo: [3]int{0, 1, 1}, PadHi: [3]int{0, 1, 1}}},
		{"maps 7x7, whole", PoolingDesc{N: 16, C: 2048, In: [3]int{1, 7, 7}, Out: [3]int{1, 1, 1}, Kernel: [3]int{1, 7, 7}, Stride: [3]int{1, 1, 1}}},
	} {
		for _, kind := range []PoolingKind{MaxPooling, AveragePooling} {
			for _, l := range []Layout{NCX, NCX16c, NCX16n} {
				s.d.Kind, s.d.Layout = kind, l
				benchmarkPooling(b, fmt.Sprintf("%s/%s/%s", kind, s.name, l), s.d)
			}
		}
	}
}

func benchmarkPooling(b *testing.B, name string, d PoolingDesc) {
	in, out := d.Layout.Size(shapeOf(d.N, d.C, d.In)), d.Layout.Size(shapeOf(d.N, d.C, d.Out))
	b.Run("forward/"+name, func(b *testing.B) {
		p, err := NewPooling(d)
		benchmark(b, must(b, p, err), [][]float32{noise(in, 1)}, out)
	})
	b.Run("backward/"+name, func(b *testing.B) {
		p, err := NewPoolingBackward(d)
		benchmark(b, must(b, p, err), [][]float32{noise(out, 2), noise(in, 1)}, in)
	})
}
