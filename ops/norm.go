package ops

import "math"

// Norm is the Euclidean norm of x, formed in float64: what layer-wise rates (LARS, You
// et al. 2017; LAMB, You et al. 2020) and the clipping of gradients measure tensors by.
// It is the same for any number of threads and every instruction set.
func Norm(x []float32) float64 { return math.Sqrt(currentLoops().squares(x)) }
