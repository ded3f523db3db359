package desc

import (
	"math"
	"testing"

	"github.com/cascade-hpc/cascade/ops"
)

// FuzzDescriptors reads any text as each form. None may panic, and what is read must
// be a problem: its sizes follow from each other as package ops says.
func FuzzDescriptors(f *testing.F) {
	for _, text := range []string{
		`mb16ic64ih56oc64oh56kh3sh1ph1n"res2a_3x3"`,
		"mb64ic8id7ih7iw8oc64od7oh7ow8kd6kh6kw8pd2ph2pw3",
		"ic4ih5oc3oh12kh3sh2ph0dh1",
		"g32ic32oc32_iw112kw3sw2pw1",
		"mb96ic768_ih17oh17_kh3sh1ph1",
		"mb4ic3id2eps1e-5",
		"16x64x56x56n\"name\"",
		"l1t35mb64_sic512_slc128_dhc512_dic512",
		"mb2ic3id4ls3alpha0.5beta1e-1k2",
		"ic2147483647id2147483647oc2147483647kd2147483647sd2147483647dd2147483647",
		"eps+e-e1",
		"n",
	} {
		f.Add(text, 0)
	}
	f.Fuzz(func(t *testing.T, text string, mb int) {
		if d, _, err := Conv(text, mb); err == nil {
			for a := range 3 {
				if got := ops.OutSize(d.In[a], d.Kernel[a], d.Stride[a], d.Dilation[a], d.PadLo[a], d.PadHi[a]); got != d.Out[a] {
					t.Fatalf("%q: axis %d of dst is %d, where the windows number %d", text, a, d.Out[a], got)
				}
			}
		}
		if d, _, err := Deconv(text, mb); err == nil {
			for a := range 3 {
				if got := ops.DeconvSize(d.In[a], d.Kernel[a], d.Stride[a], d.Dilation[a], d.PadLo[a], d.PadHi[a], d.OutPad[a]); got != d.Out[a] {
					t.Fatalf("%q: axis %d of dst is %d, where the kernels cover %d", text, a, d.Out[a], got)
				}
			}
		}
		if d, _, err := Pooling(text, mb); err == nil && d.C < 1 {
			t.Fatalf("%q: a pooling of %d channels", text, d.C)
		}
		if d, _, err := InnerProduct(text, mb); err == nil && (d.IC < 1 || d.OC < 1 || d.N < 0) {
			t.Fatalf("%q: an inner product of %+v", text, d)
		}
		if d, _, err := BatchNorm(text, mb); err == nil && (d.Spatial < 1 || !(d.Eps >= 0) || math.IsInf(float64(d.Eps), 0)) {
			t.Fatalf("%q: a batch normalisation of %+v", text, d)
		}
		if d, _, err := RNN(text, RNNSizes{Batch: mb}); err == nil && (d.T < 1 || d.IC < 1 || d.HC < 1 || d.N < 0) {
			t.Fatalf("%q: a recurrent layer of %+v", text, d)
		}
		if d, _, err := LRN(text, ops.WithinChannel, mb); err == nil && d.Validate() != nil {
			t.Fatalf("%q: a response normalisation of %+v", text, d)
		}
		if shape, _, err := Dims(text, mb); err == nil && len(shape) == 0 {
			t.Fatalf("%q: a shape without dimensions", text)
		}
	})
}
