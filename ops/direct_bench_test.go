package ops

import "testing"

// Layers of ResNet-50 with channels in lanes and weights packed, on a batch of 8.
func BenchmarkDirect(b *testing.B) {
	image := func(n int) [3]int { return [3]int{1, n, n} }
	same := func(k int) [3]int { return [3]int{0, k / 2, k / 2} }
	for _, tc := range []struct {
		name string
		desc ConvDesc
	}{
		{"3_64_k77_s2_224", ConvDesc{IC: 3, OC: 64, In: image(224), Kernel: image(7), Stride: image(2), PadLo: same(7), PadHi: same(7)}},
		{"64_64_k11_56", ConvDesc{IC: 64, OC: 64, In: image(56)}},
		{"64_256_k11_56", ConvDesc{IC: 64, OC: 256, In: image(56)}},
		{"256_64_k11_56", ConvDesc{IC: 256, OC: 64, In: image(56)}},
		{"64_64_k33_56", ConvDesc{IC: 64, OC: 64, In: image(56), Kernel: image(3), PadLo: same(3), PadHi: same(3)}},
		{"128_128_k33_s2_56", ConvDesc{IC: 128, OC: 128, In: image(56), Kernel: image(3), Stride: image(2), PadLo: same(3), PadHi: same(3)}},
		{"512_1024_k11_s2_28", ConvDesc{IC: 512, OC: 1024, In: image(28), Stride: image(2)}},
		{"256_256_k33_14", ConvDesc{IC: 256, OC: 256, In: image(14), Kernel: image(3), PadLo: same(3), PadHi: same(3)}},
		{"1024_256_k11_14", ConvDesc{IC: 1024, OC: 256, In: image(14)}},
		{"2048_512_k11_7", ConvDesc{IC: 2048, OC: 512, In: image(7)}},
		{"512_512_k33_7", ConvDesc{IC: 512, OC: 512, In: image(7), Kernel: image(3), PadLo: same(3), PadHi: same(3)}},
	} {
		d := tc.desc
		d.N, d.SrcLayout, d.DstLayout, d.Packed = 8, NCX16c, NCX16c, true
		if d.IC < Block {
			d.SrcLayout = NCX
		}
		d = d.complete()
		l := d.layer()
		l.dst = NCX16c.Size(shapeOf(d.N, d.OC, d.Out))
		l.weights = d.PackedLen(false)
		benchmarkLayer(b, tc.name, l)
	}
}
