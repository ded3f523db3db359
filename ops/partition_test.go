package ops

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPartsForManyWorkers: small batches keep a hundred workers busy, most of them at
// least, where there is work for them: a part more for each would make the parts that
// take longest no shorter. The division of a weight gradient must not follow the number
// of workers, and has parts for 14 or more.
func TestPartsForManyWorkers(t *testing.T) {
	conv := func(n, ic, oc, depth, size, kernel, stride int) ConvDesc {
		d := ConvDesc{N: n, IC: ic, OC: oc, Groups: 1}
		for a := range d.In {
			d.In[a], d.Kernel[a], d.Stride[a], d.Dilation[a] = size, kernel, stride, 1
			if a == 0 && depth == 1 {
				d.In[a], d.Kernel[a], d.Stride[a] = 1, 1, 1
			}
			d.PadLo[a], d.PadHi[a] = d.Kernel[a]/2, d.Kernel[a]/2
			d.Out[a] = (d.In[a]-1)/d.Stride[a] + 1
		}
		return d
	}
	volume := func(n, ic, oc, size int) ConvDesc { return conv(n, ic, oc, size, size, 5, 1) }
	image := func(n, ic, oc, size, kernel, stride int) ConvDesc { return conv(n, ic, oc, 1, size, kernel, stride) }
	for _, tc := range []struct {
		name          string
		desc          ConvDesc
		blocked       bool
		data, weights int // parts at least
	}{
		{"one volume of few channels", volume(1, 8, 8, 25), false, 50, 14},
		{"one volume of one channel", volume(1, 1, 32, 25), false, 50, 14},
		{"16 volumes", volume(16, 8, 8, 25), false, 50, 14},
		{"one image", image(1, 64, 64, 56, 3, 1), false, 50, 14},
		{"one image, channels in blocks", image(1, 64, 64, 56, 3, 1), true, 50, 32},
		{"one image of few pixels and many channels", image(1, 256, 256, 14, 3, 1), false, 50, 14},
		{"the same, channels in blocks", image(1, 256, 256, 14, 3, 1), true, 50, 32},
		{"a strided one", image(1, 128, 128, 56, 3, 2), true, 50, 32},
	} {
		t.Run(tc.name, func(t *testing.T) {
			withoutDefault(t)
			require.NoError(t, SetDefault(PoolOptions{Workers: 100}))
			d := tc.desc
			if tc.blocked {
				d.SrcLayout, d.DstLayout = NCX16c, NCX16c
			}
			for _, dir := range []struct {
				name  string
				make  func(ConvDesc) (Primitive, error)
				parts int
			}{
				{"forward", NewConv, tc.data},
				{"backward data", NewConvBackwardData, tc.data},
				{"backward weights", NewConvBackwardWeights, tc.weights},
			} {
				p, err := dir.make(d)
				require.NoError(t, err)
				most := 0
				for _, phase := range p.(*phased).phases {
					most = max(most, phase.parts)
				}
				assert.GreaterOrEqual(t, most, dir.parts, dir.name)
			}
		})
	}
}
