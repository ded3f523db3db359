package ops

var lstmCell = rnnCell{
	forward:  []rnnStage{{span{0, 4}, lstmForward}},
	backward: []rnnStage{{span{0, 4}, lstmBackward}},
}

func lstmForward(l *loops, r rnnRow) {
	for k, a := range [...]Activation{sigmoidGate, sigmoidGate, tanhGate, sigmoidGate} {
		l.activate(a, r.gate[k], r.gate[k])
	}
	n := len(r.h)
	in, forget, candidate, out := r.gate[0][:n], r.gate[1][:n], r.gate[2][:n], r.gate[3][:n]
	c, before := r.kept[:n], r.cBefore[:n]
	for i := range c {
		c[i] = forget[i]*before[i] + in[i]*candidate[i]
	}
	l.activate(tanhGate, r.h, c)
	l.mul(r.h, r.h, out)
}

func lstmBackward(l *loops, r rnnRow) {
	n := len(r.diffH)
	in, forget, candidate, out := r.gate[0][:n], r.gate[1][:n], r.gate[2][:n], r.gate[3][:n]
	dIn, dForget, dCandidate, dOut := r.diffGate[0][:n], r.diffGate[1][:n], r.diffGate[2][:n], r.diffGate[3][:n]
	before, diffDst, diffH, diffC := r.cBefore[:n], r.diffDst[:n], r.diffH[:n], r.diffC[:n]
	squashed := dOut // tanh c', until the gradient takes its place
	l.activate(tanhGate, squashed, r.kept)
	for i := range diffH {
		i0, f, g, o, s := in[i], forget[i], candidate[i], out[i], squashed[i]
		dh := diffH[i] + diffDst[i]
		dc := diffC[i] + o*dh*((1-s)*(1+s))
		dOut[i] = o * (1 - o) * s * dh
		dForget[i] = f * (1 - f) * before[i] * dc
		dIn[i] = i0 * (1 - i0) * g * dc
		dCandidate[i] = (1 - g) * (1 + g) * i0 * dc
		diffC[i] = f * dc
		diffH[i] = 0
	}
}
