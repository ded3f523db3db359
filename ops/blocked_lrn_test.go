package ops

import "testing"

func TestLRNInBlocks(t *testing.T) {
	for _, tc := range lrnCases[2:] {
		if volume(tc.desc.In) > 170 {
			continue // the batches make up for it
		}
		t.Run(tc.name, func(t *testing.T) {
			eachBlockedBatch(t, func(n, c int) []laidOutLayer {
				d := tc.desc.complete()
				d.N, d.C = n, c
				tensor := shapeOf(n, c, d.In)
				in := func(l Layout) LRNDesc { d := d; d.Layout = l; return d }
				src, diff := noise(NCX.Size(tensor), 1), noise(NCX.Size(tensor), 2)
				return []laidOutLayer{{
					func(l Layout) (Primitive, error) { return NewLRN(in(l)) },
					[][]float32{src},
					[][]int{tensor},
					[][]int{tensor},
					0,
				}, {
					func(l Layout) (Primitive, error) { return NewLRNBackward(in(l)) },
					[][]float32{diff, src},
					[][]int{tensor, tensor},
					[][]int{tensor},
					0,
				}}
			})
		})
	}
}
