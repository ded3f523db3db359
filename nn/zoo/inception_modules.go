package zoo

import "github.com/cascade-hpc/cascade/nn"

// The modules of Inception V3, branches side by side. Their letters are PyTorch's.

// tower is convolutions one after the other, each with as many filters and the window
// given.
func (n Norm) tower(x nn.Map, layers ...towerLayer) nn.Map {
	for _, l := range layers {
		x = n.relu(x, l.filters, l.window)
	}
	return x
}

type towerLayer struct {
	filters int
	window  nn.Spec
}

// one, square, row and column are layers of a tower that keep the image's size.
func one(filters int) towerLayer       { return towerLayer{filters, nn.K(1, 1)} }
func square(filters, k int) towerLayer { return towerLayer{filters, nn.K(k, k).Pad(k/2, k/2)} }
func row(filters, k int) towerLayer    { return towerLayer{filters, nn.K(1, k).Pad(0, k/2)} }
func column(filters, k int) towerLayer { return towerLayer{filters, nn.K(k, 1).Pad(k/2, 0)} }

// halve is the layer of a tower that makes the image half as large.
func halve(filters int) towerLayer { return towerLayer{filters, inceptionHalf} }

// inceptionA is figure 5 of the paper, with one kernel of 5x5 left.
func inceptionA(n Norm, x nn.Map, pooled int) nn.Map {
	return n.tower(x, one(64)).Concat(
		n.tower(x, one(48), square(64, 5)),
		n.tower(x, one(64), square(96, 3), square(96, 3)),
		n.tower(x.AvgPool(inceptionMean), one(pooled)),
	)
}

// inceptionB makes the image half as large (figure 10).
func inceptionB(n Norm, x nn.Map) nn.Map {
	return n.tower(x, halve(384)).Concat(
		n.tower(x, one(64), square(96, 3), halve(96)),
		x.MaxPool(inceptionHalf),
	)
}

// inceptionC is figure 6, for n = 7.
func inceptionC(n Norm, x nn.Map, inner int) nn.Map {
	return n.tower(x, one(192)).Concat(
		n.tower(x, one(inner), row(inner, 7), column(192, 7)),
		n.tower(x, one(inner), column(inner, 7), row(inner, 7), column(inner, 7), row(192, 7)),
		n.tower(x.AvgPool(inceptionMean), one(192)),
	)
}

// inceptionD makes the image half as large.
func inceptionD(n Norm, x nn.Map) nn.Map {
	return n.tower(x, one(192), halve(320)).Concat(
		n.tower(x, one(192), row(192, 7), column(192, 7), halve(192)),
		x.MaxPool(inceptionHalf),
	)
}

// inceptionE is figure 7: two towers end in a row and a column side by side.
func inceptionE(n Norm, x nn.Map) nn.Map {
	h := n.tower(x, one(320))
	a := n.tower(x, one(384))
	b := n.tower(x, one(448), square(384, 3))
	return h.Concat(
		n.tower(a, row(384, 3)), n.tower(a, column(384, 3)),
		n.tower(b, row(384, 3)), n.tower(b, column(384, 3)),
		n.tower(x.AvgPool(inceptionMean), one(192)),
	)
}
