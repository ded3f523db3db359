package schedule

import "iter"

// Samples are steps from 0 to before steps for a curve of a law: all of them, or, if there are
// more than most, that many at equal distances, the first and the last among them.
func Samples(steps, most uint64) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		n := min(steps, max(most, 2))
		for i := range n {
			at := i
			if n < steps {
				at = uint64(float64(i) / float64(n-1) * float64(steps-1))
			}
			if !yield(at) {
				return
			}
		}
	}
}
