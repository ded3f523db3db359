package ops

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// Many channels go through all phases one group after the other, few through one phase
// after the other: the results are the same bits.
func TestBatchNormOfManyAndOfFew(t *testing.T) {
	for _, l := range []Layout{NCX, NCX16c} {
		for _, spatial := range []int{1, 61, 3000} {
			t.Run(fmt.Sprintf("%s, %d positions", l, spatial), func(t *testing.T) {
				d := BatchNormDesc{N: 3, C: Block, Spatial: spatial, Eps: 1e-3, Layout: l}
				parts := func() channelParts { return d.parts() }
				if l == NCX16c {
					parts = func() channelParts { return d.blocked().parts() }
				}
				few := min(parts().groups.size*l.cell(), d.C)
				d.C = 4 * parts().groups.size * l.cell() * likelyWorkers()
				require.Len(t, parts().phases(4, phase{}, nil, phase{}), 1)
				bitsOfManyAndOfFew(t, d, few)
			})
		}
	}
}

func bitsOfManyAndOfFew(t *testing.T, d BatchNormDesc, few int) {
	t.Helper()
	tensor := []int{d.N, d.C, d.Spatial}
	src, diff := noise(NCX.Size(tensor), 1), noise(NCX.Size(tensor), 2)
	gamma, beta := noise(d.C, 3), noise(d.C, 4)
	all := normBothWays(t, d, src, diff, gamma, beta)
	channels, c := d.C, d.C-few // the last ones
	part := func(x []float32) []float32 {
		t.Helper()
		p, err := NewSliceChannels(SliceDesc{N: d.N, C: channels, Spatial: d.Spatial, Start: c, Count: few})
		return check(t, must(t, p, err), [][]float32{x}, d.N*few*d.Spatial)[0]
	}
	d.C = few
	for i, want := range normBothWays(t, d, part(src), part(diff), gamma[c:], beta[c:]) {
		got := all[i]
		if len(got) > c+few {
			got = part(got)
		} else {
			got = got[c:]
		}
		requireSameBits(t, want, got, "result %d", i)
	}
}

// normBothWays are all results of batch normalisation and its gradient, in plain layout.
func normBothWays(t *testing.T, d BatchNormDesc, src, diff, gamma, beta []float32) (results [][]float32) {
	t.Helper()
	tensor := []int{d.N, d.C, d.Spatial}
	x, dy, n := laidOut(d.Layout, tensor, src), laidOut(d.Layout, tensor, diff), d.Layout.Size(tensor)
	p, err := NewBatchNorm(d)
	out := check(t, must(t, p, err), [][]float32{x, gamma, beta}, n, d.C, d.C)
	p, err = NewBatchNormBackward(d)
	out = append(out, check(t, must(t, p, err), [][]float32{dy, x, gamma, out[1], out[2]}, n, d.C, d.C)...)
	out[0], out[3] = plainly(d.Layout, tensor, out[0]), plainly(d.Layout, tensor, out[3])
	require.Len(t, out, 6)
	return out
}
