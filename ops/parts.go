package ops

import (
	"fmt"
	"math"
)

// elementsPerPart is the length of the pieces that elementwise work is cut
// into: 32 KiB of each tensor, so that a part stays in the caches of one core
// and takes far longer than handing it out.
const elementsPerPart = 8192

// ranges divides 0..n into parts of equal size, the last one shorter. It depends
// on n alone, never on who does the parts.
type ranges struct{ n, size, parts int }

// divide cuts n things into parts of size.
func divide(n, size int) ranges {
	size = max(size, 1)
	return ranges{n: n, size: size, parts: (n + size - 1) / size}
}

// divideRows cuts n rows, each of length elements, into parts of about
// elementsPerPart elements.
func divideRows(n, length int) ranges { return divide(n, elementsPerPart/max(length, 1)) }

// bounds is the half-open range of one part.
func (r ranges) bounds(part int) (lo, hi int) {
	lo = part * r.size
	return lo, min(lo+r.size, r.n)
}

// call is an execution that is under way.
type call struct {
	x       *Exec
	in, out [][]float32
	tails   []tail // of a chain, to be called by way of done
}

// phase is a number of parts that may run at once. Every part writes memory of
// its own; what a phase wrote the next may read.
type phase struct {
	parts int
	do    func(c *call, worker, part int)
}

// phased is a primitive made of phases that are done one after the other.
type phased struct {
	info   Info
	phases []phase
	now    int
	call   call

	// piece computes a range of the elements of an elementwise primitive, and of no
	// other one.
	piece func(c *call, lo, hi int)
	// streams says that the phases call done for every piece of the first output.
	streams bool
}

func newPhased(info Info, phases ...phase) *phased {
	if info.Impl == "" {
		info.Impl = "ref:go"
	}
	return &phased{info: info, phases: phases}
}

func (p *phased) Info() Info { return p.info }

func (p *phased) Exec(x *Exec, in, out [][]float32) { p.exec(call{x: x, in: in, out: out}) }

func (p *phased) exec(c call) {
	p.call = c
	for i := range p.phases {
		p.now = i
		c.x.Pool.run(p.phases[i].parts, p, c.x.Watch)
	}
	p.call = call{}
}

// Part implements [Task].
func (p *phased) Part(worker, part int) { p.phases[p.now].do(&p.call, worker, part) }

// streaming states that the phases call done for every piece of the first output.
func (p *phased) streaming() *phased {
	p.streams = true
	return p
}

// overRanges is the phase that calls do for every range.
func overRanges(r ranges, do func(c *call, lo, hi int)) phase {
	return phase{r.parts, func(c *call, _, part int) {
		lo, hi := r.bounds(part)
		do(c, lo, hi)
	}}
}

// elementwise returns a primitive whose element i of the output depends on the
// elements i of the inputs alone, so it can work in place on any of them.
func elementwise(info Info, n int, do func(c *call, lo, hi int)) *phased {
	info.InPlace = true
	p := newPhased(info, overRanges(divide(n, elementsPerPart), func(c *call, lo, hi int) {
		do(c, lo, hi)
		c.done(lo, hi)
	}))
	p.piece, p.streams = do, true
	return p
}

// invalid is the error of a descriptor of the named operation.
func invalid(op, format string, args ...any) error {
	return fmt.Errorf("ops: %s: %w: %s", op, ErrDescriptor, fmt.Sprintf(format, args...))
}

// elements is the product of sizes, none of which may be negative.
func elements(op string, sizes ...int) (int, error) {
	n := 1
	for _, s := range sizes {
		if s < 0 {
			return 0, invalid(op, "sizes %v: none may be negative", sizes)
		}
		if s > 0 && n > math.MaxInt/8/s { // 8: lengths in bytes must fit too
			return 0, invalid(op, "sizes %v: too many elements for this machine", sizes)
		}
		n *= s
	}
	return n, nil
}

// floatBytes is the size in bytes of n float32.
func floatBytes(n int) int64 { return 4 * int64(n) }
