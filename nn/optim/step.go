package optim

import (
	"math"

	"github.com/cascade-hpc/cascade/ops"
)

// Step updates the weights once, from the gradients as they are, which it leaves
// alone. With Options.Accumulate it adds the gradients to those before, and every k-th
// call updates.
func (o *Optimizer) Step() {
	o.steps++
	if !o.updates() {
		o.pool.Run(len(o.blocks), (*adding)(o))
		return
	}
	o.pending, o.factor = o.every() > 1, 1
	o.rule.begin(o.rates, o.steps/o.every())
	if o.options.ClipNorm > 0 {
		o.run((*norming)(o))
		o.clip()
	}
	if l, ok := o.rule.(layerwise); ok {
		o.run((*measuring)(o))
		o.weigh(l)
	}
	o.run((*updating)(o))
}

// every is the number of steps that make an update.
func (o *Optimizer) every() int64 { return int64(max(o.options.Accumulate, 1)) }

// updates says whether the step at hand is one that updates.
func (o *Optimizer) updates() bool { return o.steps%o.every() == 0 }

// run does a pass over all blocks. After the first one the sum of the gradients is whole.
func (o *Optimizer) run(t ops.Task) {
	o.pool.Run(len(o.blocks), t)
	o.pending = false
}

// clip finds the factor of the gradient. Blocks are added up in their order, whoever
// measured them.
func (o *Optimizer) clip() {
	square := 0.0
	for i := range o.blocks {
		square += o.blocks[i].squares[0]
	}
	o.norm = math.Sqrt(square)
	if o.norm != 0 && !math.IsInf(o.options.ClipNorm, 1) { // a norm of NaN makes all NaN, for everybody to see
		o.factor = float32(min(1, o.options.ClipNorm/o.norm))
	}
}

// weigh finds the factor of every segment.
func (o *Optimizer) weigh(l layerwise) {
	for i := range o.segments {
		s := &o.segments[i]
		var squares [2]float64
		for k := range s.blocks {
			squares[0] += s.blocks[k].squares[0]
			squares[1] += s.blocks[k].squares[1]
		}
		s.trust = 1
		if squares[0] != 0 && squares[1] != 0 {
			s.trust = l.trust(s, math.Sqrt(squares[0]), math.Sqrt(squares[1]))
		}
	}
}

// The passes of a step, as the workers see them.
type (
	adding    Optimizer
	norming   Optimizer
	measuring Optimizer
	updating  Optimizer
)

func (p *adding) Part(_, part int) {
	o, b := (*Optimizer)(p), &p.blocks[part]
	if o.steps%o.every() == 1 {
		clear(b.sum)
	}
	o.add(b)
}

func (p *norming) Part(worker, part int) {
	b, r := (*Optimizer)(p).reads(worker, part)
	b.squares[0] = ops.SquaredNorm(r.gradient(b))
}

func (p *measuring) Part(worker, part int) {
	b, r := (*Optimizer)(p).reads(worker, part)
	b.squares[0], b.squares[1] = p.rule.(layerwise).measure(b, r)
}

func (p *updating) Part(worker, part int) {
	b, r := (*Optimizer)(p).reads(worker, part)
	p.rule.update(b, r)
}

// reads is a block whose gradient is whole, and its reader.
func (o *Optimizer) reads(worker, part int) (*block, reader) {
	b := &o.blocks[part]
	if o.pending {
		o.add(b)
	}
	return b, reader{o, worker}
}

// add adds a block's gradient to the sum, as its share of the mean: the sum is then no
// larger than a gradient.
func (o *Optimizer) add(b *block) { ops.Mix(b.sum, b.gradients, 1, 1/float64(o.every())) }

// reader gives a worker the gradients as the rule is to see them.
type reader struct {
	o      *Optimizer
	worker int
}

// gradient is that of a block: the mean over the steps of an update, clipped. It may lie
// in the work space.
func (r reader) gradient(b *block) []float32 {
	o, g := r.o, b.gradients
	if b.sum != nil {
		g = b.sum
	}
	switch {
	case o.options.ClipValue > 0:
		ops.Clip(r.space(b), g, float32(o.options.ClipValue))
	case o.factor != 1:
		ops.Scale(r.space(b), g, o.factor)
	default:
		return g
	}
	return r.space(b)
}

// space is work space of the length of a block.
func (r reader) space(b *block) []float32 { return r.o.work[r.worker][:len(b.weights)] }
