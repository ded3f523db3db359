package ops

func normaliseCellsPortable(l *cellLine, dst, src []float32) {
	for ; len(dst) > 0; dst, src = dst[Block:], src[Block:] {
		y, x := (*cell)(dst), (*cell)(src)
		for j, v := range x {
			y[j] = float32((v-l.centre[j])*l.slope[j]) + l.offset[j]
		}
	}
}

func normaliseCellsBackwardPortable(p *cellPlane, diffSrc, diffDst, src []float32) {
	for ; len(diffSrc) > 0; diffSrc, diffDst, src = diffSrc[Block:], diffDst[Block:], src[Block:] {
		y, d, x := (*cell)(diffSrc), (*cell)(diffDst), (*cell)(src)
		for j, v := range x {
			y[j] = float32(p.byDiff[j]*d[j]) + (float32(p.bySrc[j]*(v-p.centre[j])) + p.offset[j])
		}
	}
}

// cellMomentsPortable adds Σ(x − shift) and Σ(x − shift)² to the sums.
func cellMomentsPortable(sums []float64, x []float32, shift *cell) {
	s, q := (*[Block]float64)(sums), (*[Block]float64)(sums[Block:])
	for ; len(x) > 0; x = x[Block:] {
		for j, v := range (*cell)(x) {
			a := float64(v) - float64(shift[j])
			s[j] += a
			q[j] += float64(a * a)
		}
	}
}

// cellGradientMomentsPortable adds Σ(src − mean), Σ diffDst and Σ diffDst·(src − mean)
// to the sums.
func cellGradientMomentsPortable(sums []float64, diffDst, src []float32, mean *cell) {
	s, g, gs := (*[Block]float64)(sums), (*[Block]float64)(sums[Block:]), (*[Block]float64)(sums[2*Block:])
	for ; len(src) > 0; src, diffDst = src[Block:], diffDst[Block:] {
		d := (*cell)(diffDst)
		for j, v := range (*cell)(src) {
			a, da := float64(v)-float64(mean[j]), float64(d[j])
			s[j] += a
			g[j] += da
			gs[j] += float64(da * a)
		}
	}
}
