package optim

import (
	"cmp"
	"fmt"
	"path"
	"slices"

	"github.com/cascade-hpc/cascade/nn"
)

// Params is what an optimizer updates; a built network is one.
type Params interface {
	// Weights is the one buffer of all parameters. What fills the space between
	// two tensors is zero, and stays so as long as its gradient is zero.
	Weights() []float32
	// Gradients is the buffer of the gradients, of the same length.
	Gradients() []float32
}

// Tensors are Params that tell which tensor lies where; a built network does. Rules
// that treat tensors apart need them: [LARS], [LAMB], and any with Options.NoDecay.
type Tensors interface {
	Params
	// Params lists the tensors: path, shape, and offset in Weights. Those without
	// gradients are passed over.
	Params() []nn.Param
}

// Vectors is a choice for Options.NoDecay: tensors of one dimension, which are the
// scales and offsets of normalisations, and biases of any shape. It is timm's
// (param_groups_weight_decay), of He et al., "Bag of tricks" (CVPR 2019), section 3.1.
func Vectors(p nn.Param) bool { return len(p.Shape) <= 1 || path.Base(p.Path) == "bias" }

// Named makes a choice for Options.NoDecay: the tensors called by one of the names,
// which are the last parts of their paths. Named("gamma", "beta") is that of Goyal et
// al. (2017), arXiv:1706.02677, section 3: batch normalisation is not decayed, and
// biases are.
func Named(names ...string) func(nn.Param) bool {
	names = slices.Clone(names)
	return func(p nn.Param) bool { return slices.Contains(names, path.Base(p.Path)) }
}

// segment is a range of the buffers that is treated as one: a tensor with the space
// after it for a rule that works by layers, else neighbours that decay alike.
type segment struct {
	begin, end int
	decayed    bool
	blocks     []block
	trust      float64 // of the step at hand, by a rule that works by layers
}

// segments cuts the whole of the buffers.
func segments(p Params, apart bool, noDecay func(nn.Param) bool) ([]segment, error) {
	n := len(p.Weights())
	if !apart && noDecay == nil {
		return []segment{{end: n, decayed: true}}, nil
	}
	t, ok := p.(Tensors)
	if !ok {
		return nil, fmt.Errorf("a list of the tensors is needed, and %T has none: it is no optim.Tensors", p)
	}
	list := slices.DeleteFunc(t.Params(), func(q nn.Param) bool { return q.Grad == nil })
	slices.SortStableFunc(list, func(a, b nn.Param) int { return cmp.Compare(a.Offset, b.Offset) })
	var all []segment
	for i, q := range list {
		end := n
		if i+1 < len(list) {
			end = list[i+1].Offset
		}
		if q.Offset < 0 || q.Offset+len(q.Data) > end {
			return nil, fmt.Errorf("tensor %q has elements %d to %d: it must end by %d", q.Path, q.Offset, q.Offset+len(q.Data), end)
		}
		s := segment{begin: q.Offset, end: end, decayed: noDecay == nil || !noDecay(q)}
		if last := len(all) - 1; last >= 0 && !apart && all[last].decayed == s.decayed {
			all[last].end = end
		} else {
			all = append(all, s)
		}
	}
	if len(all) == 0 || all[0].begin != 0 {
		return nil, fmt.Errorf("none of %d tensors begins with the %d weights", len(list), n)
	}
	return all, nil
}
