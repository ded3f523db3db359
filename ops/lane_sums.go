package ops

// laneSums adds up numbers in float64, number i in sum i mod 16: many additions can
// be under way at once, in vectors too. Their order is part of the result, so every
// kernel keeps to it.
type laneSums [16]float64

// total adds up the sums of count numbers, the second half to the first, again and
// again. Sums that got no number are left out: they would add 0.
func (s *laneSums) total(count int) float64 {
	for n := len(s) / 2; n > 0; n /= 2 {
		if count > n {
			for i := range n {
				s[i] += s[n+i]
			}
		}
	}
	return s[0]
}

// sum64 adds up in float64.
func sum64(x []float32) float64 { return currentLoops().sum(x) }

func sumPortable(x []float32) float64 {
	var s laneSums
	count := len(x)
	for ; len(x) > 0; x = x[min(len(s), len(x)):] {
		for j, v := range x[:min(len(s), len(x))] {
			s[j] += float64(v)
		}
	}
	return s.total(count)
}
