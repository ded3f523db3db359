package ops

var gruCell = rnnCell{
	forward:  []rnnStage{{span{0, 2}, gruReset}, {span{2, 3}, gruForward}},
	backward: []rnnStage{{span{0, 2}, gruBackward}, {span{2, 3}, gruResetBackward}},
}

var lbrCell = rnnCell{
	forward:  []rnnStage{{span{0, 3}, lbrForward}},
	backward: []rnnStage{{span{0, 3}, lbrBackward}},
	apart:    true,
}

func gruReset(l *loops, r rnnRow) {
	l.activate(sigmoidGate, r.gate[0], r.gate[0])
	l.activate(sigmoidGate, r.gate[1], r.gate[1])
	l.mul(r.reset, r.gate[1], r.hBefore)
}

func gruForward(l *loops, r rnnRow) {
	l.activate(tanhGate, r.gate[2], r.gate[2])
	gruMix(r)
}

// gruMix writes h = u·hBefore + (1 − u)·o.
func gruMix(r rnnRow) {
	n := len(r.h)
	update, candidate, before := r.gate[0][:n], r.gate[2][:n], r.hBefore[:n]
	for i := range r.h {
		u := update[i]
		r.h[i] = u*before[i] + (1-u)*candidate[i]
	}
}

// gruBackward has the gradients of o and u, the former through its tanh. What reaches
// hBefore by gruMix alone becomes diffH.
func gruBackward(_ *loops, r rnnRow) {
	n := len(r.diffH)
	update, candidate, before := r.gate[0][:n], r.gate[2][:n], r.hBefore[:n]
	dUpdate, dCandidate := r.diffGate[0][:n], r.diffGate[2][:n]
	diffDst, diffH := r.diffDst[:n], r.diffH[:n]
	for i := range diffH {
		u, o := update[i], candidate[i]
		dh := diffH[i] + diffDst[i]
		dCandidate[i] = (1 - u) * dh * ((1 - o) * (1 + o))
		dUpdate[i] = (before[i] - o) * dh * (u * (1 - u))
		diffH[i] = dh * u
	}
}

// gruResetBackward goes on from the gradient of r·hBefore.
func gruResetBackward(l *loops, r rnnRow) {
	n := len(r.diffH)
	reset, before, dReset := r.gate[1][:n], r.hBefore[:n], r.diffGate[1][:n]
	diffReset, diffH := r.diffReset[:n], r.diffH[:n]
	for i := range diffH {
		g, d := reset[i], diffReset[i]
		dReset[i] = g * (1 - g) * before[i] * d
		diffH[i] += g * d
	}
	l.mul(r.reset, r.gate[1], r.hBefore) // for the gradient of the weights
}

func lbrForward(l *loops, r rnnRow) {
	if r.bias != nil {
		l.add(r.kept, r.kept, r.bias)
	}
	l.activate(sigmoidGate, r.gate[0], r.gate[0])
	l.activate(sigmoidGate, r.gate[1], r.gate[1])
	n := len(r.h)
	reset, candidate, kept := r.gate[1][:n], r.gate[2][:n], r.kept[:n]
	for i := range candidate {
		candidate[i] += reset[i] * kept[i]
	}
	gruForward(l, r)
}

func lbrBackward(l *loops, r rnnRow) {
	gruBackward(l, r)
	n := len(r.diffH)
	reset, kept := r.gate[1][:n], r.kept[:n]
	dReset, dCandidate, dKept := r.diffGate[1][:n], r.diffGate[2][:n], r.diffKept[:n]
	for i := range dReset {
		g, d := reset[i], dCandidate[i]
		dReset[i] = g * (1 - g) * kept[i] * d
		dKept[i] = g * d
	}
}
