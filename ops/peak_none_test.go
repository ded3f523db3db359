//go:build !amd64 || noasm

package ops

// peakRate is the most floating-point operations a second that one core can do,
// or 0 where this build cannot tell.
func peakRate() float64 { return 0 }
