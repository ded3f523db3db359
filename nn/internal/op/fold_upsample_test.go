package op

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
)

// foldedExample is of a convolution of 2 to 4 channels in 2 groups, 2x3, behind
// up-sampling by 2x1.
func foldedExample() ir.Op {
	c := Conv{Filters: 4, Groups: 2, Window: square(3, 1, 1, 0)}
	c.Window.Kernel[1] = 2
	f, _, _ := FoldUpsample(Upsample{Scale: [3]int{1, 2, 1}, Rank: 2}, c, ir.Sample(2, 5, 4))
	return f
}

func TestFoldUpsample(t *testing.T) {
	image := Upsample{Scale: [3]int{1, 2, 2}, Rank: 2}
	conv := func(w Window) Conv { return Conv{Filters: 4, Groups: 1, Window: w, Bias: true} }
	wide := square(3, 1, 1, 0)
	wide.PadLo[2] = 3
	for _, tc := range []struct {
		name string
		up   Upsample
		conv Conv
		src  ir.Type
		ok   bool
	}{
		{"image", image, conv(square(3, 1, 1, 1)), ir.Sample(2, 5, 4), true},
		{"volume, one axis up-sampled", Upsample{Scale: [3]int{1, 1, 3}, Rank: 3}, conv(cube(3, 1, 1, 0)), ir.Sample(2, 5, 4, 3), true},
		{"same padding", image, conv(same(square(4, 1, 1, 0))), ir.Sample(2, 5, 4), true},
		{"as much padding as a tap can see", image, conv(square(3, 1, 1, 2)), ir.Sample(2, 5, 4), true},
		{"more padding than that", image, conv(wide), ir.Sample(2, 5, 4), false},
		{"a stride", image, conv(square(3, 2, 1, 1)), ir.Sample(2, 5, 4), false},
		{"dilation", image, conv(square(3, 1, 2, 1)), ir.Sample(2, 5, 4), false},
		{"a kernel of one saves nothing", image, conv(square(1, 1, 1, 0)), ir.Sample(2, 5, 4), false},
		{"a scale of one saves nothing", Upsample{Scale: [3]int{1, 1, 1}, Rank: 2}, conv(square(3, 1, 1, 1)), ir.Sample(2, 5, 4), false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			weights, both, ok := FoldUpsample(tc.up, tc.conv, tc.src)
			require.Equal(t, tc.ok, ok)
			if !ok {
				return
			}
			up, err := tc.up.Infer([]ir.Type{tc.src})
			require.NoError(t, err)
			specs, err := tc.conv.Variables(up)
			require.NoError(t, err)
			want, err := tc.conv.Infer(append(up, ir.Whole(specs[0].Shape...), ir.Whole(4)))
			require.NoError(t, err)
			folded, err := weights.Infer([]ir.Type{ir.Whole(specs[0].Shape...)})
			require.NoError(t, err)
			got, err := both.Infer([]ir.Type{tc.src, folded[0], ir.Whole(4)})
			require.NoError(t, err)
			assert.Equal(t, want, got)
			assert.Less(t, both.MACs([]ir.Type{tc.src}, nil), tc.conv.MACs(up, nil))
		})
	}
}

func TestFoldedWeightsOfAnotherShape(t *testing.T) {
	_, err := foldedExample().Infer([]ir.Type{ir.Whole(4, 2, 2, 3)})
	require.ErrorIs(t, err, ir.ErrShape)
	assert.ErrorContains(t, err, "weights of 4x2x2x3: it must be 4x1x2x3")
}
