package op

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// square is a window over images.
func square(k, stride, dilation, pad int) Window {
	return Window{
		Rank: 2, Kernel: [3]int{1, k, k}, Stride: [3]int{1, stride, stride}, Dilation: [3]int{1, dilation, dilation},
		PadLo: [3]int{0, pad, pad}, PadHi: [3]int{0, pad, pad},
	}
}

// cube is a window over volumes.
func cube(k, stride, dilation, pad int) Window {
	w := square(k, stride, dilation, pad)
	w.Rank = 3
	w.Kernel[0], w.Stride[0], w.Dilation[0], w.PadLo[0], w.PadHi[0] = k, stride, dilation, pad, pad
	return w
}

// same is the window with padding by TensorFlow's rule.
func same(w Window) Window {
	w.Same = true
	return w
}

// The sizes and paddings of TensorFlow's documentation of tf.nn.convolution, and
// what follows from its formula.
func TestSamePadding(t *testing.T) {
	for _, tc := range []struct {
		name                    string
		in, k, stride, dilation int
		out, lo, hi             int
	}{
		{"odd kernel", 5, 3, 1, 1, 5, 1, 1},
		{"even kernel: the extra cell comes after", 25, 6, 1, 1, 25, 2, 3},
		{"kernel of 2", 5, 2, 1, 1, 5, 0, 1},
		{"kernel larger than the input", 2, 7, 1, 1, 2, 3, 3},
		{"ResNet's first layer", 224, 7, 2, 1, 112, 2, 3},
		{"stride that divides", 4, 3, 2, 1, 2, 0, 1},
		{"stride that does not", 5, 3, 2, 1, 3, 1, 1},
		{"stride beyond the kernel", 7, 1, 3, 1, 3, 0, 0},
		{"stride beyond kernel and input", 2, 1, 3, 1, 1, 0, 0},
		{"dilation", 9, 3, 1, 2, 9, 2, 2},
		{"dilated even kernel", 9, 2, 1, 3, 9, 1, 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := same(square(tc.k, tc.stride, tc.dilation, 0))
			in := [3]int{1, tc.in, tc.in}
			lo, hi := w.padding(in)
			assert.Equal(t, [3]int{0, tc.lo, tc.lo}, lo)
			assert.Equal(t, [3]int{0, tc.hi, tc.hi}, hi)
			assert.Equal(t, [3]int{1, tc.out, tc.out}, w.positions(in, lo, hi))
			require.NoError(t, w.fits(in))
		})
	}
}

// A deconvolution with Same is the gradient of the convolution with Same whose
// input is as large as its output.
func TestSameDeconvolutionIsTheConvolutionsGradient(t *testing.T) {
	for k := 1; k <= 6; k++ {
		for stride := 1; stride <= 4; stride++ {
			for dilation := 1; dilation <= 3; dilation++ {
				for in := 1; in <= 7; in++ {
					w := same(square(k, stride, dilation, 0))
					size := [3]int{1, in, in}
					lo, hi, extra := w.cut()
					out := w.spread(size, lo, hi, extra)
					require.Equal(t, [3]int{1, in * stride, in * stride}, out, "%s", w.detail(size))
					convLo, convHi := w.padding(out)
					require.Equal(t, convLo, lo, "%s", w.detail(size))
					require.Equal(t, convHi, hi, "%s", w.detail(size))
					require.Equal(t, size, w.positions(out, convLo, convHi))
				}
			}
		}
	}
}
