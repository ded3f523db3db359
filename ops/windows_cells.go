package ops

// cellAveragesPortable is windowAveragesPortable for cells.
func cellAveragesPortable(w windowRow, dst, volume []float32, divisor float64) {
	for ; len(dst) > 0; dst = dst[Block:] {
		var sum [Block]float64
		w.each(func(at int) {
			for j, v := range (*cell)(volume[at*Block:]) {
				sum[j] += float64(v)
			}
		})
		for j := range sum {
			dst[j] = float32(sum[j] / divisor)
		}
		w.at += w.stride
	}
}

// cellSpreadPortable is windowSpreadPortable for cells.
func cellSpreadPortable(w windowRow, volume, src []float32, divisor float64) {
	for ; len(src) > 0; src = src[Block:] {
		var share cell
		for j, v := range src[:Block] {
			share[j] = float32(float64(v) / divisor)
		}
		w.each(func(at int) {
			x := (*cell)(volume[at*Block:])
			for j, v := range share {
				x[j] += v
			}
		})
		w.at += w.stride
	}
}

// cellMaxPortable is windowMaxPortable for cells.
func cellMaxPortable(w windowRow, dst, volume []float32) {
	for ; len(dst) > 0; dst = dst[Block:] {
		best := (*cell)(dst)
		for j := range best {
			best[j] = negativeInfinity
		}
		w.each(func(at int) {
			for j, v := range (*cell)(volume[at*Block:]) {
				best[j] = max(best[j], v)
			}
		})
		w.at += w.stride
	}
}

// cellMaxBackwardPortable is windowMaxBackwardPortable for cells.
func cellMaxBackwardPortable(w windowRow, diffVolume, diffDst, volume []float32) {
	for ; len(diffDst) > 0; diffDst = diffDst[Block:] {
		var best [Block]int
		biggest := *(*cell)(volume[w.at*Block:])
		for j := range best {
			best[j] = w.at
		}
		w.each(func(at int) {
			for j, v := range (*cell)(volume[at*Block:]) {
				if b := biggest[j]; v > b || (v != v && b == b) {
					best[j], biggest[j] = at, v
				}
			}
		})
		for j, v := range diffDst[:Block] {
			diffVolume[best[j]*Block+j] += v
		}
		w.at += w.stride
	}
}
