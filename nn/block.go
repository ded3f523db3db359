package nn

// Block declares a part of a network under a name, which its parameters bear:
// "res3a/conv_2/weights". Blocks may be nested.
//
//	x = nn.Block("res3a", x, func(x nn.Map) nn.Map { return bottleneck(x, 64, 256, 1) })
func Block[In, Out Handle](name string, x In, declare func(In) Out) Out {
	n := x.Tensor().v.Node
	if n == nil {
		return declare(x)
	}
	if name == "" {
		n.Graph.Fail("Block", shapeError("a block needs a name"))
		return declare(x)
	}
	defer n.Graph.Enter(name)()
	return declare(x)
}
