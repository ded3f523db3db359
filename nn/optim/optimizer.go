package optim

import (
	"fmt"

	"github.com/cascade-hpc/cascade/ops"
)

// blockSize is the number of elements that a worker updates at a time: 64 KiB of
// each buffer, so that the share of a step that starting a block takes is small
// and 200,000 parameters already occupy a dozen workers.
const blockSize = 1 << 14

// Optimizer updates one set of parameters by one rule. It is for one goroutine.
type Optimizer struct {
	rule    rule
	name    string
	options Options

	state    []Slot
	segments []segment
	blocks   []block // of all segments
	work     [][]float32

	rates rates
	steps int64
	pool  *ops.Pool

	// Of the step at hand: whether its gradient is still to be added to the sum, what
	// the gradient is scaled by, and its norm before that.
	pending bool
	factor  float32
	norm    float64
}

// rates are the coefficients that may change from step to step.
type rates struct{ lr, decay, momentum float64 }

// rule is the arithmetic of an optimizer. A rule keeps the coefficients of the
// step at hand; all that lasts from step to step is in the blocks.
type rule interface {
	// slots names the state buffers, at most two.
	slots() []string
	// begin computes the coefficients of update number t, from 1.
	begin(r rates, t int64)
	// update updates a block.
	update(b *block, r reader)
}

// layerwise is a rule whose rate for a tensor depends on norms of it.
type layerwise interface {
	rule
	// measure is done to all blocks ahead of update. It returns the squared norms of
	// the weights and of what they are compared with: both 0 for a segment that is not
	// to be measured.
	measure(b *block, r reader) (weights, against float64)
	// trust is the factor of a segment, of norms that are not 0. For others it is 1.
	trust(s *segment, weights, against float64) float64
}

// block is one piece of the buffers. All its slices have one length, but for
// those that the optimizer does not have, which are nil.
type block struct {
	of                      *segment
	weights, gradients, sum []float32
	state                   [2][]float32
	squares                 [2]float64 // what was measured of it in the step at hand
}

// newOptimizer ties a rule whose settings have been read to parameters.
func (s *settings) newOptimizer(p Params, r rule, first rates, options Options) (*Optimizer, error) {
	options = s.options(options)
	if s.err != nil {
		return nil, s.err
	}
	weights, gradients := p.Weights(), p.Gradients()
	if len(weights) == 0 || len(weights) != len(gradients) {
		return nil, fmt.Errorf("optim: %d weights with %d gradients: there must be as many, and at least one", len(weights), len(gradients))
	}
	_, apart := r.(layerwise)
	cut, err := segments(p, apart, options.NoDecay)
	if err != nil {
		return nil, fmt.Errorf("optim: %s: %w", s.rule, err)
	}
	o := &Optimizer{rule: r, name: s.rule, options: options, segments: cut, rates: first}
	for _, name := range r.slots() {
		o.state = append(o.state, Slot{Name: name, Data: ops.Alloc(len(weights))})
	}
	if options.Accumulate > 1 {
		o.state = append(o.state, Slot{Name: gradientSum, Data: ops.Alloc(len(weights))})
	}
	o.cut(weights, gradients)
	pool := ops.Default()
	if err := pool.Err(); err != nil {
		return nil, fmt.Errorf("optim: %w", err)
	}
	o.use(pool)
	return o, nil
}

// cut makes the blocks of every segment.
func (o *Optimizer) cut(weights, gradients []float32) {
	for i := range o.segments {
		s := &o.segments[i]
		for begin := s.begin; begin < s.end; begin += blockSize {
			end := min(begin+blockSize, s.end)
			b := block{of: s, weights: weights[begin:end], gradients: gradients[begin:end]}
			for k, slot := range o.state {
				if slot.Name == gradientSum {
					b.sum = slot.Data[begin:end]
				} else {
					b.state[k] = slot.Data[begin:end]
				}
			}
			o.blocks = append(o.blocks, b)
		}
	}
	first := 0
	for i := range o.segments {
		s := &o.segments[i]
		n := (s.end - s.begin + blockSize - 1) / blockSize
		s.blocks = o.blocks[first : first+n]
		first += n
	}
}

// use sets the workers, each of which has work space for a block.
func (o *Optimizer) use(pool *ops.Pool) {
	o.pool = pool
	o.work = make([][]float32, pool.Workers())
	for i := range o.work {
		o.work[i] = ops.Alloc(blockSize)
	}
}
