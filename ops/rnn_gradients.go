package ops

// rnnGradients are the products of the backward pass over all time steps.
type rnnGradients struct {
	src, weights inner
	recurrent    []*recurrentGradient
}

// recurrentGradient is that of the recurrent weights of neighbouring gates, which were
// all multiplied with the same states.
type recurrentGradient struct {
	inner
	gates span
	bias  bool // it has a bias of its own
}

func newRNNGradients(d RNNDesc) (g rnnGradients) {
	steps, gates := d.T*d.N, d.Cell.Gates()
	g.src.Primitive = newProduct(matrixProduct{
		rows: steps, cols: d.IC, k: gates * d.HC,
		a: matrix{input: 0, rowStride: gates * d.HC, kStride: 1}, b: 1,
	}, Info{})
	g.weights.Primitive = newProduct(matrixProduct{
		rows: gates * d.HC, cols: d.IC, k: steps,
		a: matrix{input: 0, rowStride: 1, kStride: gates * d.HC}, b: 1, rowSums: d.Bias,
	}, Info{})
	all := rnnCells[d.Cell].recurrentGates(gates)
	for i, which := range all {
		r := recurrentGradient{gates: which, bias: d.Bias && rnnCells[d.Cell].apart && i > 0}
		stride := gates * d.HC
		if rnnCells[d.Cell].apart && i > 0 {
			stride = d.HC
		}
		r.Primitive = newProduct(matrixProduct{
			rows: which.size() * d.HC, cols: d.HC, k: steps,
			a: matrix{input: 0, rowStride: 1, kStride: stride}, b: 1, rowSums: r.bias,
		}, Info{})
		g.recurrent = append(g.recurrent, &r)
	}
	return g
}

// recurrentGates divides the gates into those whose weights were multiplied with h,
// and whose gradients are among those of the gates; and the last of a GRU.
func (c *rnnCell) recurrentGates(gates int) []span {
	if len(c.forward) == 1 && !c.apart {
		return []span{{0, gates}}
	}
	return []span{{0, gates - 1}, {gates - 1, gates}}
}

func (g *rnnGradients) inners() []*inner {
	all := []*inner{&g.src, &g.weights}
	for _, r := range g.recurrent {
		all = append(all, &r.inner)
	}
	return all
}

func (g *rnnGradients) exec(r *recurrence, out [][]float32) {
	diffSrc, diffWeights, diffRecurrent, diffBias := out[0], out[1], out[2], out[3]
	if diffSrc != nil {
		g.src.in, g.src.out[0] = [3][]float32{r.diffGates, r.weights}, diffSrc
		g.src.exec(r.x, r.scratch)
	}
	if diffWeights == nil {
		return
	}
	g.weights.in, g.weights.out = [3][]float32{r.diffGates, r.src}, [2][]float32{diffWeights, diffBias}
	g.weights.exec(r.x, r.scratch)
	hc := r.desc.HC
	for i, p := range g.recurrent {
		p.in[0], p.in[1] = r.diffGates, r.past
		switch {
		case i > 0 && r.cell.apart:
			p.in[0] = r.diffKept
		case i > 0:
			p.in[0], p.in[1] = r.diffGates[min(p.gates.lo*hc, len(r.diffGates)):], r.reset
		}
		p.out[0] = diffRecurrent[p.gates.lo*hc*hc : p.gates.hi*hc*hc]
		if p.bias {
			p.out[1] = diffBias[r.desc.Cell.Gates()*hc:]
		}
		p.exec(r.x, r.scratch)
	}
}
