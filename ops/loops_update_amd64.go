//go:build amd64 && !noasm

package ops

import "github.com/cascade-hpc/cascade/ops/avx512"

// update updates the weights and the states that follow them.
func (s *streaming) update(op avx512.ElementwiseOp, c constants, weights, gradients []float32, states ...[]float32) {
	s.updateTo(weights, op, c, weights, gradients, states...)
}

// updateTo writes the updated weights elsewhere.
func (s *streaming) updateTo(dst []float32, op avx512.ElementwiseOp, c constants, weights, gradients []float32, states ...[]float32) {
	args := avx512.ElementwiseArgs{C: c}
	n := len(weights)
	args.In[0], args.In[1] = operand(weights, n), operand(gradients, n)
	args.Out[0] = operand(dst, n)
	for i, state := range states {
		args.In[2+i] = operand(state, n)
		args.Out[1+i] = args.In[2+i]
	}
	s.elementwise(op, n, &args)
}

func (s *streaming) sgd(u SGDUpdate, weights, gradients []float32) {
	s.update(avx512.SGD, constants{u.Rate, u.Decay}, weights, gradients)
}

func (s *streaming) momentum(u MomentumUpdate, weights, gradients, average []float32) {
	c := constants{u.Past, u.Present, u.Direct, u.Along, u.Decay}
	s.update(avx512.Momentum, c, weights, gradients, average)
}

func (s *streaming) rmsprop(u RMSpropUpdate, weights, gradients, square []float32) {
	c := constants{u.Rho, u.Fresh, u.Eps, u.Rate, u.Decay}
	s.update(avx512.RMSprop, c, weights, gradients, square)
}

func (s *streaming) rmspropMomentum(u RMSpropUpdate, weights, gradients, square, average []float32) {
	c := constants{u.Rho, u.Fresh, u.Eps, u.Rate, u.Decay, u.Momentum}
	s.update(avx512.RMSpropMomentum, c, weights, gradients, square, average)
}

func (s *streaming) adam(u AdamUpdate, dst, weights, gradients, mean, square []float32) {
	c := constants{u.Beta1, u.Fresh1, u.Beta2, u.Fresh2, u.Scale, u.Rate, u.Correction, u.Eps, u.Decay}
	s.updateTo(dst, avx512.Adam, c, weights, gradients, mean, square)
}

func (s *streaming) adamDescent(u AdamUpdate, weights, mean, square []float32) {
	args := avx512.ElementwiseArgs{C: constants{u.Scale, u.Rate, u.Correction, u.Eps}}
	n := len(weights)
	args.In[0], args.In[1], args.In[2] = operand(weights, n), operand(mean, n), operand(square, n)
	args.Out[0] = args.In[0]
	s.elementwise(avx512.AdamDescent, n, &args)
}
