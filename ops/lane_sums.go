package ops

// laneSums adds up numbers in float64, number i in sum i mod 16: many additions can
// be under way at once, in vectors too. Their order is part of the result, so every
// kernel keeps to it.
type laneSums [16]float64

// total adds up the sums: the second half to the first, again and again.
func (s *laneSums) total() float64 {
	return (s.quarter(0) + s.quarter(2)) + (s.quarter(1) + s.quarter(3))
}

func (s *laneSums) quarter(i int) float64 { return (s[i] + s[i+8]) + (s[i+4] + s[i+12]) }

func sumPortable(x []float32) float64 {
	var s laneSums
	for ; len(x) > 0; x = x[min(len(s), len(x)):] {
		for j, v := range x[:min(len(s), len(x))] {
			s[j] += float64(v)
		}
	}
	return s.total()
}

// squaresPortable adds up squares.
func squaresPortable(x []float32) float64 { return productsPortable(x, x) }

// productsPortable adds up products. They are exact.
func productsPortable(a, b []float32) float64 {
	var s laneSums
	b = b[:len(a)]
	for len(a) > 0 {
		n := min(len(s), len(a))
		x, y := a[:n], b[:n]
		for j, v := range x {
			s[j] += float64(v) * float64(y[j])
		}
		a, b = a[n:], b[n:]
	}
	return s.total()
}
