package nn

import (
	"fmt"
	"io"
	"slices"

	"github.com/cascade-hpc/cascade/nn/internal/compile"
	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// Option is a choice of a compilation.
type Option struct{ set func(*choices) }

// choices are what the options of a compilation set.
type choices struct {
	batch  int
	trains []*Net
	fixed  bool
	pool   *ops.Pool
	seed   uint64
	group  compile.Group

	verbose io.Writer
	trace   string
}

// Train makes a program that trains the nets: a run computes the gradient of the
// weighted sum of the losses with respect to their parameters, and layers work as
// in training. Without it the program is for inference: batch normalisation uses
// its running statistics, dropout does nothing, and losses are merely computed.
func Train(nets ...*Net) Option {
	return Option{func(c *choices) { c.trains = append(c.trains, nets...) }}
}

// Batch sets the number of samples of a run. The default is 1.
func Batch(n int) Option { return Option{func(c *choices) { c.batch = n }} }

// Fixed promises that parameters and running statistics stay as they are at the time
// of the compilation. What depends on them alone — weights that include a batch
// normalisation, weights in the order in which the kernels use them — is computed then,
// and not in every run. It is for inference, at small batches above all.
func Fixed() Option { return Option{func(c *choices) { c.fixed = true }} }

// OnPool sets the workers. The default is [ops.Default].
func OnPool(p *ops.Pool) Option { return Option{func(c *choices) { c.pool = p }} }

// Seed sets the seed of random layers. The default is 0.
func Seed(s uint64) Option { return Option{func(c *choices) { c.seed = s }} }

// SyncBatchNorm makes batch normalisation in training take its statistics from the batches
// of all ranks: n programs that run together, with as many samples each, normalise as one
// with all their samples would, and so do the gradients. sum replaces numbers by their sums
// over all ranks, the same bits everywhere; a run calls it three times for each batch
// normalisation, in its own goroutine, and returns its error. Package train has one for
// ranks of package dist. It costs the time in which all wait for each other; without it
// each rank normalises by its own samples, which is usual and enough where those are 16 or
// more.
func SyncBatchNorm(n int, sum func(x []float64) error) Option {
	return Option{func(c *choices) { c.group = compile.Group{Size: n, Sum: sum} }}
}

// Verbose writes to w what CASCADE_VERBOSE=1 in the environment writes to standard
// output, which wins: a line for each primitive that is created or executed. See
// [Program].
func Verbose(w io.Writer) Option { return Option{func(c *choices) { c.verbose = w }} }

// Trace writes to a file what CASCADE_TRACE in the environment does, which wins: when
// each worker worked on which layer. Programs with the same file share it. See [Program].
func Trace(file string) Option { return Option{func(c *choices) { c.trace = file }} }

// Compile makes a program of a net. It decides everything that can be decided ahead
// of the first run — gradients, fusion, the primitives and their blocking, the place
// of every tensor — and allocates all the memory that runs need.
func Compile(n *Net, options ...Option) (*Program, error) {
	c := choices{batch: 1}
	for _, o := range options {
		if o.set != nil {
			o.set(&c)
		}
	}
	if c.batch < 1 {
		return nil, fmt.Errorf("nn: compile %q: %w: a batch of %d: at least 1 is needed", n.Name(), ErrShape, c.batch)
	}
	if c.fixed && len(c.trains) > 0 {
		return nil, fmt.Errorf("nn: compile %q: %w: a program that trains has no Fixed parameters", n.Name(), ErrUnsupported)
	}
	if c.group.Size > 1 && c.group.Sum == nil {
		return nil, fmt.Errorf("nn: compile %q: %w: SyncBatchNorm over %d ranks without a sum", n.Name(), ErrUnsupported, c.group.Size)
	}
	trained, err := n.trained(c.trains)
	if err != nil {
		return nil, fmt.Errorf("nn: compile %q: %w", n.Name(), err)
	}
	if c.pool == nil {
		c.pool = ops.Default()
	}
	if err := c.pool.Err(); err != nil {
		return nil, fmt.Errorf("nn: compile %q: %w", n.Name(), err)
	}
	p, err := compile.Compile(n.source(), compile.Options{
		Batch: c.batch, Training: len(c.trains) > 0, Trained: trained, Fixed: c.fixed, Pool: c.pool, Seed: c.seed, Group: c.group,
		Verbose: c.verbose, Trace: c.trace,
	})
	if err != nil {
		return nil, fmt.Errorf("nn: compile %q: %w", n.Name(), err)
	}
	return &Program{p: p, net: n, trains: distinct(c.trains), trained: trained}, nil
}

// distinct are the nets, each once.
func distinct(nets []*Net) (list []*Net) {
	for _, n := range nets {
		if !slices.Contains(list, n) {
			list = append(list, n)
		}
	}
	return list
}

// trained is the set of variables of the nets to be trained, all of which must be
// in the graph.
func (n *Net) trained(nets []*Net) (map[*ir.Variable]bool, error) {
	if len(nets) > 0 && len(n.losses) == 0 {
		return nil, fmt.Errorf("%w: a net without losses cannot train", ErrUnsupported)
	}
	present := map[*ir.Variable]bool{}
	for _, node := range n.graph.Nodes {
		if l, ok := node.Op.(ir.Leaf); ok && l.Variable != nil && !node.Frozen {
			present[l.Variable] = true
		}
	}
	trained := map[*ir.Variable]bool{}
	for _, net := range nets {
		found := false
		for _, v := range net.variables {
			if present[v] {
				found = true
				trained[v] = v.Role == ir.Weight
			}
		}
		if !found {
			return nil, fmt.Errorf("%w: net %q is to be trained and is nowhere applied, or only frozen", ErrUnsupported, net.Name())
		}
	}
	return trained, nil
}

func (n *Net) source() compile.Source {
	s := compile.Source{Graph: n.graph, Total: totalLoss}
	for _, p := range n.inputs {
		s.Inputs = append(s.Inputs, compile.Port{Name: p.name, Value: p.value})
	}
	for _, p := range n.outputs {
		s.Outputs = append(s.Outputs, compile.Port{Name: p.name, Value: p.value})
	}
	for _, l := range n.losses {
		s.Losses = append(s.Losses, compile.Loss{Port: compile.Port{Name: l.name, Value: l.value}, Weight: l.weight})
	}
	return s
}
