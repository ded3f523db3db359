package ops

import "testing"

// complete sets what a test leaves out to the usual, and Out to what follows.
func (d DeconvDesc) complete() DeconvDesc {
	d.Groups = max(d.Groups, 1)
	for a := range d.In {
		for _, size := range []*int{&d.In[a], &d.Kernel[a], &d.Stride[a], &d.Dilation[a]} {
			*size = max(*size, 1)
		}
		d.Out[a] = DeconvSize(d.In[a], d.Kernel[a], d.Stride[a], d.Dilation[a], d.PadLo[a], d.PadHi[a], d.OutPad[a])
	}
	return d
}

var deconvCases = []struct {
	name string
	desc DeconvDesc
}{
	{"one of everything", DeconvDesc{N: 1, IC: 1, OC: 1}},
	{"no samples", DeconvDesc{N: 0, IC: 3, OC: 4, In: [3]int{1, 5, 5}, Kernel: [3]int{1, 3, 3}, Bias: true}},
	{"stride 1 grows the image", DeconvDesc{N: 2, IC: 3, OC: 5, In: [3]int{1, 6, 7}, Kernel: [3]int{1, 3, 4}, Bias: true}},
	{"stride 1 with padding keeps the volume", DeconvDesc{N: 1, IC: 8, OC: 6, In: [3]int{5, 5, 5}, Kernel: [3]int{5, 5, 5}, PadLo: [3]int{2, 2, 2}, PadHi: [3]int{2, 2, 2}}},
	{"stride 2 doubles the volume", DeconvDesc{N: 2, IC: 5, OC: 4, In: [3]int{3, 4, 5}, Kernel: [3]int{4, 4, 4}, Stride: [3]int{2, 2, 2}, PadLo: [3]int{1, 1, 1}, PadHi: [3]int{1, 1, 1}, Bias: true}},
	{"output padding", DeconvDesc{N: 2, IC: 2, OC: 3, In: [3]int{1, 4, 4}, Kernel: [3]int{1, 3, 3}, Stride: [3]int{1, 2, 3}, PadLo: [3]int{0, 1, 1}, PadHi: [3]int{0, 1, 1}, OutPad: [3]int{0, 1, 2}, Bias: true}},
	{"output padding beyond the kernels", DeconvDesc{N: 1, IC: 2, OC: 2, In: [3]int{1, 3, 3}, Kernel: [3]int{1, 1, 2}, Stride: [3]int{1, 3, 4}, OutPad: [3]int{0, 2, 3}, Bias: true}},
	{"output padding less than the dilation", DeconvDesc{N: 1, IC: 2, OC: 2, In: [3]int{1, 4, 5}, Kernel: [3]int{1, 2, 3}, Dilation: [3]int{1, 3, 3}, OutPad: [3]int{0, 2, 1}}},
	{"asymmetric padding", DeconvDesc{N: 1, IC: 3, OC: 2, In: [3]int{4, 5, 3}, Kernel: [3]int{3, 4, 5}, Stride: [3]int{1, 2, 2}, PadLo: [3]int{2, 0, 1}, PadHi: [3]int{0, 3, 2}}},
	{"padding that crops whole kernels", DeconvDesc{N: 1, IC: 2, OC: 3, In: [3]int{1, 7, 8}, Kernel: [3]int{1, 2, 3}, PadLo: [3]int{0, 3, 4}, PadHi: [3]int{0, 3, 3}, Bias: true}},
	{"one element is left", DeconvDesc{N: 1, IC: 2, OC: 1, In: [3]int{1, 3, 3}, Kernel: [3]int{1, 3, 3}, PadLo: [3]int{0, 2, 2}, PadHi: [3]int{0, 2, 2}}},
	{"stride beyond the kernel leaves gaps", DeconvDesc{N: 2, IC: 3, OC: 2, In: [3]int{2, 3, 4}, Kernel: [3]int{1, 2, 2}, Stride: [3]int{2, 3, 5}, Bias: true}},
	{"other strides on each axis", DeconvDesc{N: 1, IC: 3, OC: 4, In: [3]int{3, 4, 5}, Kernel: [3]int{3, 2, 4}, Stride: [3]int{2, 1, 3}, PadLo: [3]int{1, 0, 1}, PadHi: [3]int{1, 0, 1}}},
	{"dilation 2 with stride 3", DeconvDesc{N: 1, IC: 2, OC: 3, In: [3]int{3, 5, 6}, Kernel: [3]int{2, 3, 3}, Stride: [3]int{3, 3, 3}, Dilation: [3]int{2, 2, 2}, PadLo: [3]int{0, 1, 2}, PadHi: [3]int{1, 0, 2}}},
	{"dilation with the same stride", DeconvDesc{N: 1, IC: 2, OC: 3, In: [3]int{1, 5, 6}, Kernel: [3]int{1, 3, 3}, Stride: [3]int{1, 2, 3}, Dilation: [3]int{1, 2, 3}}},
	{"groups", DeconvDesc{N: 2, IC: 8, OC: 6, Groups: 2, In: [3]int{3, 3, 3}, Kernel: [3]int{3, 3, 3}, Stride: [3]int{2, 2, 2}, PadLo: [3]int{1, 1, 1}, PadHi: [3]int{1, 1, 1}, OutPad: [3]int{1, 1, 1}, Bias: true}},
	{"depthwise", DeconvDesc{N: 2, IC: 5, OC: 5, Groups: 5, In: [3]int{1, 5, 6}, Kernel: [3]int{1, 4, 4}, Stride: [3]int{1, 2, 2}, PadLo: [3]int{0, 1, 1}, PadHi: [3]int{0, 1, 1}}},
	{"one output channel of many", DeconvDesc{N: 1, IC: 33, OC: 1, In: [3]int{2, 5, 6}, Kernel: [3]int{2, 2, 2}, Stride: [3]int{2, 2, 2}}},
	{"one input channel to many", DeconvDesc{N: 1, IC: 1, OC: 17, In: [3]int{2, 5, 6}, Kernel: [3]int{3, 3, 3}, Stride: [3]int{1, 2, 1}, Bias: true}},
}

func TestDeconv(t *testing.T) {
	for _, tc := range deconvCases {
		t.Run(tc.name, func(t *testing.T) {
			testLayer(t, tc.desc.complete().layer())
		})
	}
}
