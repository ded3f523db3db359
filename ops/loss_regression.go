package ops

import "math"

// minTarget is the least |target| that a percentage is taken of.
const minTarget = 1e-7

func squaredError(p, t float64) float64      { return (p - t) * (p - t) }
func squaredErrorSlope(p, t float64) float64 { return 2 * (p - t) }

func absoluteError(p, t float64) float64      { return math.Abs(p - t) }
func absoluteErrorSlope(p, t float64) float64 { return sign(p - t) }

func percentageError(p, t float64) float64 {
	return 100 * math.Abs(t-p) / max(math.Abs(t), minTarget)
}

func percentageErrorSlope(p, t float64) float64 {
	return 100 * sign(p-t) / max(math.Abs(t), minTarget)
}
