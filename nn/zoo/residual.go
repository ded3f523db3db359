package zoo

import (
	"fmt"

	"github.com/cascade-hpc/cascade/nn"
)

// residual is a block: what it computes of x is added to x, or to what its shortcut makes
// of it. last is for the last normalisation before the sum.
type residual func(x nn.Map, width, stride int, last nn.BatchNormOption) nn.Map

// stage is a number of blocks, the first of which has the stride. i counts stages from 0.
func stage(x nn.Map, i, blocks, width, stride int, zero ZeroInit, block residual) nn.Map {
	for b := range blocks {
		last := zero.gamma(b == blocks-1)
		x = nn.Block(blockName(i, b, blocks), x, func(x nn.Map) nn.Map { return block(x, width, stride, last) })
		stride = 1
	}
	return x
}

// blockName counts the stages of residual networks from 2 and their blocks in letters, as
// the authors do: res2a, res2b, res3a. Of a stage with more blocks than letters they are
// res4a, res4b1, res4b2, as the authors name those of their deeper networks.
func blockName(stage, block, of int) string {
	if of > 26 && block > 0 {
		return fmt.Sprintf("res%db%d", stage+2, block)
	}
	return fmt.Sprintf("res%d%c", stage+2, 'a'+block)
}

// project is the shortcut of a block: x itself or, where the shape changes, a convolution
// of 1x1 with normalisation ("option B").
func project(n Norm, x nn.Map, filters, stride int) nn.Map {
	if stride == 1 && x.Channels() == filters {
		return x
	}
	return nn.Block("shortcut", x, func(x nn.Map) nn.Map {
		return n.conv(x, filters, nn.K(1, 1).Stride(stride, stride))
	})
}
