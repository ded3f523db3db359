package ops

import "testing"

// benchmarkLayer executes the three primitives of a layer on the default pool, and
// reports the rate and the share of what its cores can do at most.
func benchmarkLayer(b *testing.B, name string, l layer) {
	src, weights, diffDst := noise(l.src, 1), noise(l.weights, 2), noise(l.dst, 3)
	for _, run := range []struct {
		name string
		make func() (Primitive, error)
		in   [][]float32
		out  int
	}{
		{"fwd", l.forward, [][]float32{src, weights}, l.dst},
		{"bwd_d", l.backwardData, [][]float32{diffDst, weights}, l.src},
		{"bwd_w", l.backwardWeights, [][]float32{src, diffDst}, l.weights},
	} {
		b.Run(name+"/"+run.name, func(b *testing.B) {
			p, err := run.make()
			benchmark(b, must(b, p, err), run.in, run.out)
			rate := float64(p.Info().FLOPs) * float64(b.N) / b.Elapsed().Seconds()
			b.ReportMetric(rate/1e9, "GFLOP/s")
			if peak := peakRate(); peak > 0 {
				b.ReportMetric(100*rate/(peak*float64(Default().Workers())), "%peak")
			}
		})
	}
}

func cube(n int) [3]int { return [3]int{n, n, n} }

// The layers of the published 3D-GAN, the discriminator's (d) and the generator's
// (g), on a batch of 16.
func Benchmark3DGAN(b *testing.B) {
	const n = 16
	for _, tc := range []struct {
		name string
		desc ConvDesc
	}{
		{"d1_1_32_k555", ConvDesc{N: n, IC: 1, OC: 32, In: cube(25), Kernel: cube(5), PadLo: cube(2), PadHi: cube(2)}},
		{"d2_32_8_k555", ConvDesc{N: n, IC: 32, OC: 8, In: cube(25), Kernel: cube(5), PadLo: cube(2), PadHi: cube(2)}},
		{"d3_8_8_k555", ConvDesc{N: n, IC: 8, OC: 8, In: cube(25), Kernel: cube(5), PadLo: cube(2), PadHi: cube(2)}},
		{"d4_8_8_k555", ConvDesc{N: n, IC: 8, OC: 8, In: cube(25), Kernel: cube(5), PadLo: cube(1), PadHi: cube(1)}},
		{"g1_8_64_k668", ConvDesc{N: n, IC: 8, OC: 64, In: [3]int{7, 7, 8}, Kernel: [3]int{6, 6, 8}, PadLo: [3]int{2, 2, 3}, PadHi: [3]int{3, 3, 4}}},
		{"g2_64_6_k658", ConvDesc{N: n, IC: 64, OC: 6, In: [3]int{18, 18, 16}, Kernel: [3]int{6, 5, 8}}},
		{"g3_6_6_k338", ConvDesc{N: n, IC: 6, OC: 6, In: [3]int{28, 28, 33}, Kernel: [3]int{3, 3, 8}}},
		{"g4_6_1_k222", ConvDesc{N: n, IC: 6, OC: 1, In: cube(26), Kernel: cube(2)}},
	} {
		benchmarkLayer(b, tc.name, tc.desc.complete().layer())
	}
}

func BenchmarkConv(b *testing.B) {
	const n = 4
	for _, tc := range []struct {
		name string
		desc ConvDesc
	}{
		{"volume_64_64_k333", ConvDesc{N: 1, IC: 64, OC: 64, In: cube(16), Kernel: cube(3), PadLo: cube(1), PadHi: cube(1)}},
		{"resnet_64_64_k33_56", ConvDesc{N: n, IC: 64, OC: 64, In: [3]int{1, 56, 56}, Kernel: [3]int{1, 3, 3}, PadLo: [3]int{0, 1, 1}, PadHi: [3]int{0, 1, 1}}},
		{"resnet_256_1024_k11_14", ConvDesc{N: n, IC: 256, OC: 1024, In: [3]int{1, 14, 14}}},
		{"resnet_512_512_k33_7", ConvDesc{N: n, IC: 512, OC: 512, In: [3]int{1, 7, 7}, Kernel: [3]int{1, 3, 3}, PadLo: [3]int{0, 1, 1}, PadHi: [3]int{0, 1, 1}}},
	} {
		benchmarkLayer(b, tc.name, tc.desc.complete().layer())
	}
}

func BenchmarkDeconv(b *testing.B) {
	d := DeconvDesc{N: 4, IC: 32, OC: 16, In: cube(12), Kernel: cube(4), Stride: cube(2), PadLo: cube(1), PadHi: cube(1)}
	benchmarkLayer(b, "32_16_k444_s2", d.complete().layer())
}

func BenchmarkInnerProduct(b *testing.B) {
	for _, tc := range []struct {
		name string
		desc InnerProductDesc
	}{
		{"latent_1_200_3136", InnerProductDesc{N: 1, IC: 200, OC: 3136}},
		{"latent_64_200_3136", InnerProductDesc{N: 64, IC: 200, OC: 3136}},
		{"head_64_13824_1", InnerProductDesc{N: 64, IC: 13824, OC: 1}},
		{"square_256_1024_1024", InnerProductDesc{N: 256, IC: 1024, OC: 1024}},
	} {
		benchmarkLayer(b, tc.name, tc.desc.layer())
	}
}
