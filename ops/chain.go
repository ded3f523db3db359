package ops

import "strings"

// Link is one primitive of a chain.
type Link struct {
	Primitive Primitive
	// Inputs is the number of its inputs, without the result of the link before.
	Inputs int
}

// NewChain returns a primitive that does what the given ones do one after the other:
// the first input of each link is the first output of the link before. Links after
// the first must be elementwise, of one output. The result is, to the bit, that of the
// primitives executed by themselves.
//
// Where the first link can, the others follow every piece of its result while that is
// in the cache, so that a chain is one pass over memory (oneDNN's post-ops). Elementwise
// primitives, batch normalisation and convolutions with channels in lanes can. Behind a
// gather, whose pieces are small or far apart, another pass was found to be no slower.
//
//	in:  the inputs of the first link, then those of each other link but for its first
//	out: the outputs of the first link; out[0] is changed in place by the others
func NewChain(first Link, rest ...Link) (Primitive, error) {
	c := &chain{first: first.Primitive, inputs: first.Inputs, info: first.Primitive.Info()}
	if p, ok := first.Primitive.(*phased); ok && p.streams {
		c.stream = p
	}
	for _, l := range rest {
		p, ok := l.Primitive.(*phased)
		if !ok || p.piece == nil {
			return nil, invalid("chain", "%q behind %q: it must be elementwise", l.Primitive.Info().Kind, c.info.Kind)
		}
		c.add(p, l.Inputs)
	}
	return c, nil
}

// chain is a primitive and elementwise ones behind it.
type chain struct {
	first  Primitive
	stream *phased // the first, if it tells of pieces
	inputs int     // of the first
	tails  []tail
	info   Info
}

// tail is an elementwise primitive that works on what the first link of a chain has
// written.
type tail struct {
	of   *phased
	call call
}

func (c *chain) add(p *phased, inputs int) {
	c.tails = append(c.tails, tail{p, call{in: make([][]float32, 1+inputs)}})
	c.info.Problem += " + " + strings.TrimSpace(p.info.Kind+" "+p.info.Prop) + " " + p.info.Problem
	c.info.FLOPs += p.info.FLOPs
	c.info.Cycles += p.info.Cycles
	c.info.Bytes += p.info.Bytes
	if c.stream != nil {
		c.info.Bytes -= 2 * p.info.Bytes / int64(2+inputs) // the chain's tensor is neither written nor read again
	}
}

func (c *chain) Info() Info { return c.info }

func (c *chain) Exec(x *Exec, in, out [][]float32) {
	at := c.inputs
	for i := range c.tails {
		t := &c.tails[i].call
		t.x, t.out, t.in[0] = x, out[:1], out[0]
		at += copy(t.in[1:], in[at:])
	}
	if c.stream != nil {
		c.stream.exec(call{x: x, in: in[:c.inputs], out: out, tails: c.tails})
	} else {
		c.first.Exec(x, in[:c.inputs], out)
	}
	for i := range c.tails {
		t := &c.tails[i]
		if c.stream == nil {
			t.of.exec(t.call)
		}
		t.call.x, t.call.out = nil, nil
		clear(t.call.in)
	}
}

// doneRuns is done for runs from element first on.
func (c *call) doneRuns(first int, r runs) {
	if len(c.tails) > 0 {
		r.each(func(lo, hi int) { c.done(first+lo, first+hi) })
	}
}

// done tells that elements lo to hi of the first output are written.
func (c *call) done(lo, hi int) {
	for i := range c.tails {
		t := &c.tails[i]
		t.of.piece(&t.call, lo, hi)
	}
}
