package desc

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/ops"
)

// cube, plane and row are values of a volume, an image and a row, the last with what
// holds for axes that they do not have.
func cube(v int) [3]int        { return [3]int{v, v, v} }
func plane(idle, v int) [3]int { return [3]int{idle, v, v} }
func row(idle, v int) [3]int   { return [3]int{idle, idle, v} }

func TestConv(t *testing.T) {
	dense := func(d ops.ConvDesc) ops.ConvDesc {
		d.Groups = max(d.Groups, 1)
		for _, v := range []*[3]int{&d.Stride, &d.Dilation} {
			if *v == [3]int{} {
				*v = cube(1)
			}
		}
		return d
	}
	for _, tc := range []struct {
		name, text, problem string
		mb                  int
		want                ops.ConvDesc
	}{
		{
			name: "of ResNet-50: h stands for w", text: `mb16ic64ih56oc64oh56kh3sh1ph1n"res2a_3x3"`, problem: "res2a_3x3",
			want: ops.ConvDesc{N: 16, IC: 64, OC: 64, In: plane(1, 56), Out: plane(1, 56), Kernel: plane(1, 3), PadLo: plane(0, 1), PadHi: plane(0, 1)},
		},
		{
			name: "of the 3D-GAN: d stands for h and w", text: `mb64ic8id25oc8od23kd5pd1n"d4"`, problem: "d4",
			want: ops.ConvDesc{N: 64, IC: 8, OC: 8, In: cube(25), Out: cube(23), Kernel: cube(5), PadLo: cube(1), PadHi: cube(1)},
		},
		{
			name: "an even kernel: what is missing is padded after", text: "mb64ic8id7ih7iw8oc64od7oh7ow8kd6kh6kw8pd2ph2pw3",
			want: ops.ConvDesc{N: 64, IC: 8, OC: 64, In: [3]int{7, 7, 8}, Out: [3]int{7, 7, 8}, Kernel: [3]int{6, 6, 8}, PadLo: [3]int{2, 2, 3}, PadHi: [3]int{3, 3, 4}},
		},
		{
			name: "no dst: padding is symmetric", text: "ic3ih9oc4kh3sh2ph1", // (9 + 2 − 3)/2 + 1 = 5
			want: ops.ConvDesc{N: 2, IC: 3, OC: 4, In: plane(1, 9), Out: plane(1, 5), Kernel: plane(1, 3), Stride: plane(1, 2), PadLo: plane(0, 1), PadHi: plane(0, 1)},
		},
		{
			name: "neither dst nor padding: none", text: "ic3ih9oc4kh3",
			want: ops.ConvDesc{N: 2, IC: 3, OC: 4, In: plane(1, 9), Out: plane(1, 7), Kernel: plane(1, 3)},
		},
		{
			name: "dst and no padding: split, the odd cell after", text: "ic3ih9oc4oh9kh4",
			want: ops.ConvDesc{N: 2, IC: 3, OC: 4, In: plane(1, 9), Out: plane(1, 9), Kernel: plane(1, 4), PadLo: plane(0, 1), PadHi: plane(0, 2)},
		},
		{
			name: "a stride that leaves the last elements out", text: "mb16ic256ih56oc512oh28kh1sh2ph0",
			want: ops.ConvDesc{N: 16, IC: 256, OC: 512, In: plane(1, 56), Out: plane(1, 28), Kernel: plane(1, 1), Stride: plane(1, 2)},
		},
		{
			name: "dilation counts from 0", text: "ic3ih9oc4kh3dh1",
			want: ops.ConvDesc{N: 2, IC: 3, OC: 4, In: plane(1, 9), Out: plane(1, 5), Kernel: plane(1, 3), Dilation: plane(1, 2)},
		},
		{
			name: "an axis of its own keeps stride 1", text: "ic3ih9iw9oc4kh3kw3sh2",
			want: ops.ConvDesc{N: 2, IC: 3, OC: 4, In: plane(1, 9), Out: [3]int{1, 4, 7}, Kernel: plane(1, 3), Stride: [3]int{1, 2, 1}},
		},
		{
			name: "w alone is a row", text: "ic3iw9oc4kw3",
			want: ops.ConvDesc{N: 2, IC: 3, OC: 4, In: row(1, 9), Out: row(1, 7), Kernel: row(1, 3)},
		},
		{
			name: "depthwise, underscores, any order", text: "kh3_ih5_g8_mb1_oc8_ic8_ph1_n dw",
			want:    ops.ConvDesc{N: 1, IC: 8, OC: 8, Groups: 8, In: plane(1, 5), Out: plane(1, 5), Kernel: plane(1, 3), PadLo: plane(0, 1), PadHi: plane(0, 1)},
			problem: " dw",
		},
		{
			name: "padding 0 of d makes no volume", text: "ic3ih5oc4kh3pd0sd1",
			want: ops.ConvDesc{N: 2, IC: 3, OC: 4, In: plane(1, 5), Out: plane(1, 3), Kernel: plane(1, 3)},
		},
		{
			name: "a field given twice: the last counts", text: "mb1ic16oc16_ih10kh5_kh3ph5sh1",
			want: ops.ConvDesc{N: 1, IC: 16, OC: 16, In: plane(1, 10), Out: plane(1, 18), Kernel: plane(1, 3), PadLo: plane(0, 5), PadHi: plane(0, 5)},
		},
		{
			name: "axes padded each in its way", text: "mb1ic16id1ih1iw1oc16od2oh2ow1kd3kh3kw3dd1dh1ph1pd1",
			want: ops.ConvDesc{N: 1, IC: 16, OC: 16, In: cube(1), Out: [3]int{2, 2, 1}, Kernel: cube(3), Dilation: [3]int{2, 2, 1}, PadLo: cube(1), PadHi: [3]int{4, 4, 1}},
		},
		{
			name: "another batch", text: "mb64ic3ih5oc4kh3", mb: 7,
			want: ops.ConvDesc{N: 7, IC: 3, OC: 4, In: plane(1, 5), Out: plane(1, 3), Kernel: plane(1, 3)},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, problem, err := Conv(tc.text, tc.mb)
			require.NoError(t, err)
			assert.Equal(t, dense(tc.want), got)
			assert.Equal(t, tc.problem, problem)
		})
	}
}

func TestConvMistakes(t *testing.T) {
	for _, tc := range []struct{ name, text, want string }{
		{"empty", "", "no spatial axis"},
		{"an unknown field", "ic3xx4", `no field starts at "xx4"`},
		{"no number", "ic3ih5oc", "oc: a whole number"},
		{"a negative number", "ic3ih5oc-4kh3", "oc: a whole number"},
		{"a number with a fraction", "ic3ih5oc4kh3.5", `no field starts at ".5"`},
		{"a number too large", "ic3ih99999999999oc4kh3", "ih99999999999: a whole number"},
		{"a number of 30 digits", "ic3ih999999999999999999999999999999oc4kh3", "a whole number"},
		{"no channels", "ih5kh3", "channels 0 to 0"},
		{"no kernel", "ic3ih5oc4", "ih is 5 and kh is 0, where both are needed"},
		{"no src", "ic3oc4oh5kh3", "ih is 0 and kh is 3"},
		{"no spatial axis", "ic3oc4", "no spatial axis"},
		{"d and h without w", "ic3id5ih5oc4kd3kh3", "d alone, or all three"},
		{"d and w without h", "ic3id5iw5oc4kd3kw3", "d alone, or all three"},
		{"stride 0", "ic3ih5oc4kh3sh0", "sh is 0"},
		{"a kernel larger than src", "ic3ih5oc4kh7", "nothing is left of dst with ih5 kh7"},
		{"dst smaller than the windows", "ic3ih9oc4oh2kh3ph0", "output size 2, where the window takes 7 positions"},
		{"dst smaller, padding unknown", "ic3ih9oc4oh2kh3", "padding would have to be -2"},
		{"groups that do not divide", "g2ic3ih5oc4kh3", "2 groups do not divide"},
		{"0 groups", "g0ic3ih5oc4kh3", "in 0 groups"},
		{"eps, which is of another form", "ic3ih5oc4kh3eps1", `no field starts at "eps1"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, _, err := Conv(tc.text, 0)
			require.ErrorContains(t, err, tc.want)
		})
	}
}

func TestDeconv(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		want       ops.DeconvDesc
	}{
		{
			"dst is twice src", "mb64ic64id7oc32od14kd4sd2pd1",
			ops.DeconvDesc{N: 64, IC: 64, OC: 32, In: cube(7), Out: cube(14), Kernel: cube(4), Stride: cube(2), Dilation: cube(1), PadLo: cube(1), PadHi: cube(1)},
		},
		{
			"no dst: (i−1)·s + k − 2p", "ic4ih5oc3kh4sh2ph1",
			ops.DeconvDesc{N: 2, IC: 4, OC: 3, In: plane(1, 5), Out: plane(1, 10), Kernel: plane(1, 4), Stride: plane(1, 2), Dilation: cube(1), PadLo: plane(0, 1), PadHi: plane(0, 1)},
		},
		{
			"dst and no padding: split", "ic4ih5oc3oh11kh4sh2dh1", // covers 8 + 7 = 15
			ops.DeconvDesc{N: 2, IC: 4, OC: 3, In: plane(1, 5), Out: plane(1, 11), Kernel: plane(1, 4), Stride: plane(1, 2), Dilation: plane(1, 2), PadLo: plane(0, 2), PadHi: plane(0, 2)},
		},
		{
			"less padding after", "ic4ih5oc3oh11kh4sh2ph1", // covers 12
			ops.DeconvDesc{N: 2, IC: 4, OC: 3, In: plane(1, 5), Out: plane(1, 11), Kernel: plane(1, 4), Stride: plane(1, 2), Dilation: cube(1), PadLo: plane(0, 1)},
		},
		{
			"output padding", "ic4ih5oc3oh12kh3sh2ph0", // covers 11
			ops.DeconvDesc{N: 2, IC: 4, OC: 3, In: plane(1, 5), Out: plane(1, 12), Kernel: plane(1, 3), Stride: plane(1, 2), Dilation: cube(1), OutPad: plane(0, 1)},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.want.Groups = 1
			got, _, err := Deconv(tc.text, 0)
			require.NoError(t, err)
			assert.Equal(t, tc.want, got)
		})
	}
	for _, tc := range []struct{ name, text, want string }{
		{"dst out of the kernels' reach", "ic4ih5oc3oh13kh3sh2ph0", "output padding 2 must be less than stride 2"},
		{"dst out of reach, padding unknown", "ic4ih5oc3oh14kh3sh2", "padding would have to be -1"},
		{"nothing left", "ic4ih2oc3kh3ph2", "nothing is left of dst"},
		{"no kernel", "ic4ih2oc3", "both are needed"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, _, err := Deconv(tc.text, 0)
			require.ErrorContains(t, err, tc.want)
		})
	}
}

func TestPooling(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		want       ops.PoolingDesc
	}{
		{
			"of GoogLeNet", `mb96ic768_ih17oh17_kh3sh1ph1n"googlenet"`,
			ops.PoolingDesc{N: 96, C: 768, In: plane(1, 17), Out: plane(1, 17), Kernel: plane(1, 3), Stride: cube(1), PadLo: plane(0, 1), PadHi: plane(0, 1)},
		},
		{
			"rounded up: padding after only", "ic64ih112oh56kh3sh2ph0",
			ops.PoolingDesc{N: 2, C: 64, In: plane(1, 112), Out: plane(1, 56), Kernel: plane(1, 3), Stride: plane(1, 2), PadHi: plane(0, 1)},
		},
		{
			"whole volumes", "mb4ic8id5kd5",
			ops.PoolingDesc{N: 4, C: 8, In: cube(5), Out: cube(1), Kernel: cube(5), Stride: cube(1)},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, _, err := Pooling(tc.text, 0)
			require.NoError(t, err)
			assert.Equal(t, tc.want, got)
			_, err = ops.NewPooling(got)
			require.NoError(t, err)
		})
	}
	for _, tc := range []struct{ name, text, want string }{
		{"dilation", "ic8ih9kh3dh1", "unimplemented: pooling with dilation"},
		{"no channels", "ih9kh3", "ic is needed"},
		{"output channels", "ic8oc8ih9kh3", `no field starts at "oc8`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, _, err := Pooling(tc.text, 0)
			require.ErrorContains(t, err, tc.want)
		})
	}
}
