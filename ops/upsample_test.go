package ops

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

var upsampleShapes = []struct {
	name string
	d    UpsampleDesc
}{
	{"one element", UpsampleDesc{N: 1, C: 1, In: [3]int{1, 1, 1}, Scale: [3]int{1, 1, 1}}},
	{"empty batch", UpsampleDesc{N: 0, C: 3, In: [3]int{2, 2, 2}, Scale: [3]int{2, 2, 2}}},
	{"image", UpsampleDesc{N: 3, C: 2, In: [3]int{1, 5, 7}, Scale: [3]int{1, 2, 2}}},
	{"volume", UpsampleDesc{N: 2, C: 3, In: [3]int{4, 5, 6}, Scale: [3]int{2, 2, 3}}},
	{"rows alone", UpsampleDesc{N: 2, C: 3, In: [3]int{3, 5, 1}, Scale: [3]int{1, 1, 5}}},
	{"depth alone", UpsampleDesc{N: 1, C: 1, In: [3]int{7, 1, 11}, Scale: [3]int{3, 1, 1}}},
	{"more than a part", UpsampleDesc{N: 5, C: 8, In: [3]int{7, 9, 13}, Scale: [3]int{3, 2, 2}}},
}

func TestUpsample(t *testing.T) {
	for _, s := range upsampleShapes {
		t.Run(s.name, func(t *testing.T) {
			d, out := s.d, s.d.Out()
			src, diff := integers(d.N*d.C*volume(d.In), 100, 1), integers(d.N*d.C*volume(out), 100, 2)
			wantDst, wantDiff := make([]float32, len(diff)), make([]float32, len(src))
			for i := range diff {
				w, h, z, plane := i%out[2], i/out[2]%out[1], i/(out[2]*out[1])%out[0], i/volume(out)
				from := ((plane*d.In[0]+z/d.Scale[0])*d.In[1]+h/d.Scale[1])*d.In[2] + w/d.Scale[2]
				wantDst[i] = src[from]
				wantDiff[from] += diff[i]
			}
			p, err := NewUpsample(d)
			dst := check(t, must(t, p, err), [][]float32{src}, len(diff))[0]
			assert.Equal(t, wantDst, dst)
			p, err = NewUpsampleBackward(d)
			back := check(t, must(t, p, err), [][]float32{diff}, len(src))[0]
			assert.Equal(t, wantDiff, back)
			assert.Equal(t, scalarProduct(dst, diff), scalarProduct(src, back), "the gradient is the adjoint")
		})
	}
}

func BenchmarkUpsample(b *testing.B) {
	d := UpsampleDesc{N: 16, C: 8, In: [3]int{13, 13, 13}, Scale: [3]int{2, 2, 2}}
	for _, l := range []Layout{NCX, NCX16c, NCX16n} {
		d.Layout = l
		in, out := l.Size(shapeOf(d.N, d.C, d.In)), l.Size(shapeOf(d.N, d.C, d.Out()))
		b.Run("forward/"+l.String(), func(b *testing.B) {
			p, err := NewUpsample(d)
			benchmark(b, must(b, p, err), [][]float32{noise(in, 1)}, out)
		})
		b.Run("backward/"+l.String(), func(b *testing.B) {
			p, err := NewUpsampleBackward(d)
			benchmark(b, must(b, p, err), [][]float32{noise(out, 1)}, in)
		})
	}
}
