package ops

import (
	"math"
	"math/rand/v2"
	"slices"
)

// rnnState64 are the tensors of an RNN, or their gradients, in float64.
type rnnState64 struct{ src, weights, recurrent, bias, h0, c0 []float64 }

// rnn64 is a recurrent layer by its formulas, one sample and one time step at a time.
type rnn64 struct {
	RNNDesc
	rnnState64
	dst, c, gates, linear []float64 // linear is U h + b_u′ of an LBRGRU
}

func (r *rnn64) time(step int) int {
	if r.Reverse {
		return r.T - 1 - step
	}
	return step
}

// place is the row of a sample at a step.
func (r *rnn64) place(step, n int) int {
	if r.BatchFirst {
		return n*r.T + r.time(step)
	}
	return r.time(step)*r.N + n
}

// product is element (gate, unit) of the product of weights of k columns with x.
func (r *rnn64) product(weights []float64, gate, unit int, x []float64) float64 {
	sum := 0.0
	for k, v := range x {
		sum += weights[(gate*r.HC+unit)*len(x)+k] * v
	}
	return sum
}

func (r *rnn64) biasOf(gate, unit int) float64 {
	if !r.Bias {
		return 0
	}
	return r.bias[gate*r.HC+unit]
}

func (r *rnn64) activation(x float64) float64 {
	switch r.Activation.Kind {
	case ReLU:
		return max(x, 0)
	case LeakyReLU:
		return max(x, 0) + float64(r.Activation.Alpha)*min(x, 0)
	}
	return r.Activation.function()(x)
}

// derivative is that of the activation, from its result.
func (r *rnn64) derivative(y float64) float64 {
	switch r.Activation.Kind {
	case Tanh:
		return 1 - y*y
	case Sigmoid:
		return y * (1 - y)
	}
	slope := map[ActivationKind]float64{LeakyReLU: float64(r.Activation.Alpha), ELU: y + float64(r.Activation.Alpha)}[r.Activation.Kind]
	if y > 0 {
		slope = 1
	}
	return slope
}

// at is a row of HC of a tensor [T, N, HC], and before the one of the step before.
func (r *rnn64) at(x []float64, step, n int) []float64 {
	row := r.place(step, n)
	return x[row*r.HC : (row+1)*r.HC]
}

func (r *rnn64) before(x, initial []float64, step, n int) []float64 {
	if step == 0 {
		return initial[n*r.HC : (n+1)*r.HC]
	}
	return r.at(x, step-1, n)
}

// gatesOf are [gates][HC] of one sample at one step.
func (r *rnn64) gatesOf(x []float64, step, n int) []float64 {
	size := r.Cell.Gates() * r.HC
	row := r.place(step, n)
	return x[row*size : (row+1)*size]
}

func (r *rnn64) forward() {
	r.dst, r.c, r.linear = make([]float64, r.DstLen()), make([]float64, r.DstLen()), make([]float64, r.DstLen())
	r.gates = make([]float64, r.DstLen()*r.Cell.Gates())
	for step := range r.T {
		for n := range r.N {
			r.step(step, n)
		}
	}
}

func (r *rnn64) step(step, n int) {
	row := r.place(step, n)
	x, h, hc := r.src[row*r.IC:(row+1)*r.IC], r.before(r.dst, r.h0, step, n), r.HC
	g, dst := r.gatesOf(r.gates, step, n), r.at(r.dst, step, n)
	full := func(gate, unit int, h []float64) float64 {
		return r.product(r.weights, gate, unit, x) + r.product(r.recurrent, gate, unit, h) + r.biasOf(gate, unit)
	}
	for j := range hc {
		switch r.Cell {
		case VanillaRNN:
			dst[j] = r.activation(full(0, j, h))
		case LSTM:
			i, f, o := sigmoid(full(0, j, h)), sigmoid(full(1, j, h)), sigmoid(full(3, j, h))
			candidate := math.Tanh(full(2, j, h))
			c := f*r.before(r.c, r.c0, step, n)[j] + i*candidate
			g[j], g[hc+j], g[2*hc+j], g[3*hc+j] = i, f, candidate, o
			r.at(r.c, step, n)[j], dst[j] = c, o*math.Tanh(c)
		default:
			g[j], g[hc+j] = sigmoid(full(0, j, h)), sigmoid(full(1, j, h))
		}
	}
	if r.Cell == GRU || r.Cell == LBRGRU {
		r.candidate(step, n, x, h)
	}
}

func (r *rnn64) candidate(step, n int, x, h []float64) {
	hc, g, dst := r.HC, r.gatesOf(r.gates, step, n), r.at(r.dst, step, n)
	reset := make([]float64, hc)
	for j := range hc {
		reset[j] = g[hc+j] * h[j]
	}
	for j := range hc {
		a := r.product(r.weights, 2, j, x) + r.biasOf(2, j)
		if r.Cell == GRU {
			a += r.product(r.recurrent, 2, j, reset)
		} else {
			linear := r.product(r.recurrent, 2, j, h) + r.biasOf(3, j)
			r.at(r.linear, step, n)[j] = linear
			a += g[hc+j] * linear
		}
		g[2*hc+j] = math.Tanh(a)
		dst[j] = g[j]*h[j] + (1-g[j])*g[2*hc+j]
	}
}

// backward is back-propagation through time, from the gradients of dst and cN.
func (r *rnn64) backward(diffDst, diffCN []float64) (d rnnState64) {
	d = rnnState64{
		src: make([]float64, len(r.src)), weights: make([]float64, len(r.weights)), recurrent: make([]float64, len(r.recurrent)),
		bias: make([]float64, r.BiasLen()), h0: make([]float64, r.StateLen()), c0: slices.Clone(diffCN),
	}
	for step := r.T - 1; step >= 0; step-- {
		for n := range r.N {
			dh := d.h0[n*r.HC : (n+1)*r.HC]
			for j, v := range r.at(diffDst, step, n) {
				dh[j] += v
			}
			r.stepBackward(&d, dh, d.c0[n*r.HC:(n+1)*r.HC], step, n)
		}
	}
	return d
}

// stepBackward turns dh and dc, the gradients of a sample's state after the step,
// into those of the state before it.
func (r *rnn64) stepBackward(d *rnnState64, dh, dc []float64, step, n int) {
	hc, g := r.HC, r.gatesOf(r.gates, step, n)
	h, dst := r.before(r.dst, r.h0, step, n), r.at(r.dst, step, n)
	dx := make([]float64, r.Cell.Gates()*hc) // of W x + b
	dBefore := make([]float64, hc)
	for j := range hc {
		switch r.Cell {
		case VanillaRNN:
			dx[j] = dh[j] * r.derivative(dst[j])
		case LSTM:
			i, f, candidate, o := g[j], g[hc+j], g[2*hc+j], g[3*hc+j]
			s := math.Tanh(r.at(r.c, step, n)[j])
			dc[j] += dh[j] * o * (1 - s*s)
			dx[j], dx[hc+j] = dc[j]*candidate*i*(1-i), dc[j]*r.before(r.c, r.c0, step, n)[j]*f*(1-f)
			dx[2*hc+j], dx[3*hc+j] = dc[j]*i*(1-candidate*candidate), dh[j]*s*o*(1-o)
			dc[j] *= f
		default:
			u, o := g[j], g[2*hc+j]
			dx[j], dx[2*hc+j], dBefore[j] = dh[j]*(h[j]-o)*u*(1-u), dh[j]*(1-u)*(1-o*o), dh[j]*u
		}
	}
	r.spread(d, dx, dBefore, step, n)
	copy(dh, dBefore)
}

// spread takes the gradients dx of the gates to everything they came from. The reset
// gate's is not yet there.
func (r *rnn64) spread(d *rnnState64, dx, dBefore []float64, step, n int) {
	hc, h, g := r.HC, r.before(r.dst, r.h0, step, n), r.gatesOf(r.gates, step, n)
	dLinear, past := slices.Clone(dx), [][]float64{h, h, h, h} // of U h, and h, by gate
	if r.Cell == LBRGRU {
		for j := range hc {
			dLinear[2*hc+j] *= g[hc+j]
			dx[hc+j] = dx[2*hc+j] * r.at(r.linear, step, n)[j] * g[hc+j] * (1 - g[hc+j])
			dLinear[hc+j] = dx[hc+j]
			if r.Bias {
				d.bias[3*hc+j] += dLinear[2*hc+j]
			}
		}
	}
	if r.Cell == GRU {
		past[2] = make([]float64, hc)
		for k := range hc {
			past[2][k] = g[hc+k] * h[k]
			dReset := 0.0
			for j := range hc {
				dReset += dx[2*hc+j] * r.recurrent[(2*hc+j)*hc+k]
			}
			dBefore[k] += dReset * g[hc+k]
			dx[hc+k] = dReset * h[k] * g[hc+k] * (1 - g[hc+k])
			dLinear[hc+k] = dx[hc+k]
		}
	}
	row := r.place(step, n)
	for gate := range r.Cell.Gates() {
		for j := range hc {
			at := gate*hc + j
			for k := range hc {
				d.recurrent[at*hc+k] += dLinear[at] * past[gate][k]
				if r.Cell != GRU || gate != 2 {
					dBefore[k] += dLinear[at] * r.recurrent[at*hc+k]
				}
			}
			for k := range r.IC {
				d.weights[at*r.IC+k] += dx[at] * r.src[row*r.IC+k]
				d.src[row*r.IC+k] += dx[at] * r.weights[at*r.IC+k]
			}
			if r.Bias {
				d.bias[at] += dx[at]
			}
		}
	}
}

// rnnInputs are the inputs of a layer, with weights of the usual size.
func rnnInputs(d RNNDesc) [][]float32 {
	r := rand.New(rand.NewPCG(7, 8))
	draw := func(n int, scale float64) []float32 {
		x := make([]float32, n)
		for i := range x {
			x[i] = float32(scale * r.NormFloat64())
		}
		return x
	}
	scale := 1 / math.Sqrt(float64(d.HC))
	in := [][]float32{
		draw(d.SrcLen(), 1), draw(d.WeightsLen(), 1/math.Sqrt(float64(d.IC))), draw(d.RecurrentLen(), scale), draw(d.BiasLen(), 0.5),
		draw(d.StateLen(), 0.7),
	}
	if d.Cell == LSTM {
		in = append(in, draw(d.StateLen(), 0.7))
	}
	return in
}

// newRNN64 is the oracle on inputs, of which states may be nil.
func newRNN64(d RNNDesc, in [][]float32) *rnn64 {
	r := &rnn64{RNNDesc: d}
	into := []*[]float64{&r.src, &r.weights, &r.recurrent, &r.bias, &r.h0, &r.c0}
	for i, x := range in {
		*into[i] = widen(x)
	}
	for _, state := range into[4:] {
		if len(*state) == 0 {
			*state = make([]float64, d.StateLen())
		}
	}
	return r
}
