package ops

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

var padShapes = []struct {
	name string
	d    PadDesc
}{
	{"nothing", PadDesc{N: 1, C: 2, In: [3]int{2, 3, 4}}},
	{"empty batch", PadDesc{N: 0, C: 3, In: [3]int{2, 3, 4}, Lo: [3]int{1, 1, 1}}},
	{"one element", PadDesc{N: 1, C: 1, In: [3]int{1, 1, 1}, Lo: [3]int{1, 2, 3}, Hi: [3]int{3, 2, 1}}},
	{"before alone", PadDesc{N: 3, C: 1, In: [3]int{2, 5, 7}, Lo: [3]int{2, 1, 3}}},
	{"after alone", PadDesc{N: 3, C: 1, In: [3]int{2, 5, 7}, Hi: [3]int{2, 1, 3}}},
	{"image", PadDesc{N: 1, C: 5, In: [3]int{1, 7, 11}, Lo: [3]int{0, 3, 2}, Hi: [3]int{0, 2, 3}}},
	{"more than a part", PadDesc{N: 4, C: 6, In: [3]int{11, 9, 13}, Lo: [3]int{1, 0, 2}, Hi: [3]int{0, 2, 1}}},
}

func TestPadAndCrop(t *testing.T) {
	for _, s := range padShapes {
		t.Run(s.name, func(t *testing.T) {
			d, out := s.d, s.d.Out()
			planes := d.N * d.C
			src, diff := integers(planes*volume(d.In), 100, 1), integers(planes*volume(out), 100, 2)
			wantDst, wantDiff := make([]float32, len(diff)), make([]float32, len(src))
			for i := range src {
				w, h, z, plane := i%d.In[2], i/d.In[2]%d.In[1], i/(d.In[2]*d.In[1])%d.In[0], i/volume(d.In)
				to := ((plane*out[0]+z+d.Lo[0])*out[1]+h+d.Lo[1])*out[2] + w + d.Lo[2]
				wantDst[to] = src[i]
				wantDiff[i] = diff[to]
			}
			p, err := NewPad(d)
			dst := check(t, must(t, p, err), [][]float32{src}, len(diff))[0]
			assert.Equal(t, wantDst, dst)
			p, err = NewCrop(d)
			back := check(t, must(t, p, err), [][]float32{diff}, len(src))[0]
			assert.Equal(t, wantDiff, back)
			assert.Equal(t, scalarProduct(dst, diff), scalarProduct(src, back), "the gradient is the adjoint")
		})
	}
}

func BenchmarkPad(b *testing.B) {
	d := PadDesc{N: 16, C: 8, In: [3]int{24, 24, 24}, Lo: [3]int{1, 1, 1}, Hi: [3]int{1, 1, 1}}
	in, out := d.N*d.C*volume(d.In), d.N*d.C*volume(d.Out())
	p, err := NewPad(d)
	benchmark(b, must(b, p, err), [][]float32{noise(in, 1)}, out)
}
