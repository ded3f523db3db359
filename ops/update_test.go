package ops

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// updateCases are the loops of optimisers. Their outputs are inputs too.
var updateCases = []loopCase{
	exact("sgd", 1, 1, func(l *loops, x, g [][]float32) {
		l.sgd(SGDUpdate{Rate: 0.1, Decay: 0.03}, x[0], g[0])
	}),
	exact("momentum", 1, 2, func(l *loops, x, g [][]float32) {
		l.momentum(MomentumUpdate{Past: 0.9, Present: 0.8, Direct: 0.3, Along: 0.1, Decay: 0.03}, x[0], g[0], x[1])
	}),
	exact("rmsprop", 1, 2, func(l *loops, x, g [][]float32) {
		l.rmsprop(RMSpropUpdate{Rho: 0.9, Fresh: 0.1, Eps: 1e-7, Rate: 0.1, Decay: 0.03}, x[0], g[0], x[1])
	}),
	exact("rmsprop with momentum", 1, 3, func(l *loops, x, g [][]float32) {
		u := RMSpropUpdate{Rho: 0.9, Fresh: 0.1, Eps: 1e-7, Rate: 0.1, Decay: 0.03, Momentum: 0.8}
		l.rmspropMomentum(u, x[0], g[0], x[1], x[2])
	}),
	exact("adam", 1, 3, func(l *loops, x, g [][]float32) {
		l.adam(AdamUpdate{
			Beta1: 0.9, Fresh1: 0.1, Beta2: 0.99, Fresh2: 0.01,
			Scale: 0.98, Rate: 0.1, Correction: 1.3, Eps: 1e-7, Decay: 0.03,
		}, x[0], x[0], g[0], x[1], x[2])
	}),
	exact("adam, elsewhere", 2, 3, func(l *loops, x, g [][]float32) {
		u := AdamUpdate{Beta1: 0.9, Fresh1: 0.1, Beta2: 0.99, Fresh2: 0.01, Scale: 0.01, Rate: -1.2, Correction: 1.3, Eps: 1e-7}
		l.adam(u, x[0], g[1], g[0], x[1], x[2])
	}),
	exact("adam, descent", 2, 1, func(l *loops, x, g [][]float32) {
		l.adamDescent(AdamUpdate{Scale: 0.98, Rate: 0.1, Correction: 1.3, Eps: 1e-7}, x[0], g[0], g[1])
	}),
}

func TestUpdatesOfShortOperands(t *testing.T) {
	onEveryISA(t, func(t *testing.T) {
		long, short := make([]float32, 20), make([]float32, 19)
		for name, apply := range map[string]func(){
			"sgd, gradients":    func() { SGDUpdate{}.Apply(long, short) },
			"momentum, average": func() { MomentumUpdate{}.Apply(long, long, short) },
			"rmsprop, square":   func() { RMSpropUpdate{}.Apply(long, long, short, nil) },
			"rmsprop, average":  func() { RMSpropUpdate{}.Apply(long, long, long, short) },
			"adam, mean":        func() { AdamUpdate{}.Apply(long, long, short, long) },
			"adam, square":      func() { AdamUpdate{}.Apply(long, long, long, short) },
			"adam, elsewhere":   func() { AdamUpdate{}.ApplyTo(short, long, long, long, long) },
			"descent, mean":     func() { AdamUpdate{}.Descend(long, short, long) },
			"descent, square":   func() { AdamUpdate{}.Descend(long, long, short) },
			"clip":              func() { Clip(long, short, 1) },
			"scale":             func() { Scale(long, short, 1) },
			"mix":               func() { Mix(long, short, 1, 1) },
			"swap":              func() { Swap(long, short) },
		} {
			assert.Panics(t, apply, name)
		}
	})
}
