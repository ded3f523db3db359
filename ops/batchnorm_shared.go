package ops

// Where a batch is a part of one, its sums are added to those of the other parts between
// the pass that adds up and the pass that writes. What is exchanged is in float64, so that
// parts give what one batch would, but for the last bits.

// sharedMoments is the phase that combines the moments of all parts and keeps them, channel
// by channel. The parts first agree on the mean, and then add up squares of what elements
// differ from it by: with squares of the elements themselves, a mean that is large beside
// the standard deviation would cancel digits of the variance away. The sum of squares
// around another mean is that around one's own and m times the square of what the two
// differ by (Chan, Golub & LeVeque, The American Statistician 37, 1983).
func (d BatchNormDesc) sharedMoments(of func(c *call, ch int) batchMoments, keep func(c *call, ch int, b batchMoments)) phase {
	own, squares, m := make([]batchMoments, d.C), make([]float64, d.C), d.elements()
	sums := make([]float64, d.C+1) // of the elements, and behind them how many there are
	return phase{1, func(c *call, _, _ int) {
		for ch := range own {
			if d.N > 0 { // nothing has no mean
				own[ch] = of(c, ch)
			}
			sums[ch] = m * own[ch].mean
		}
		sums[d.C] = m
		d.Sum(sums)
		total := sums[d.C]
		for ch := range own {
			away := own[ch].mean - sums[ch]/total
			squares[ch] = m * (own[ch].variance + away*away)
		}
		d.Sum(squares)
		for ch := range own {
			keep(c, ch, batchMoments{sums[ch] / total, squares[ch] / total})
		}
	}}
}

// sharedGradients is the phase that combines the sums of all parts and keeps them beside
// the part's own.
func (d BatchNormDesc) sharedGradients(of func(ch int) gradientSums, keep func(c *call, ch int, own, all gradientSums, m float64)) phase {
	const kinds = len(gradientSums{})
	sums := make([]float64, kinds*d.C+1)
	return phase{1, func(c *call, _, _ int) {
		for ch := range d.C {
			own := of(ch)
			copy(sums[kinds*ch:], own[:])
		}
		sums[kinds*d.C] = d.elements()
		d.Sum(sums)
		for ch := range d.C {
			keep(c, ch, of(ch), gradientSums(sums[kinds*ch:kinds*ch+kinds]), sums[kinds*d.C])
		}
	}}
}
