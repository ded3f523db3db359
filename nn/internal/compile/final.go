package compile

import (
	"fmt"
	"slices"
	"unsafe"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
)

// Final says after which primitive of a run what the run stores is final, a gradient or a
// running statistic: none behind it writes or reads that memory. -1 is before the first.
type Final struct {
	Variable *ir.Variable
	Gradient bool
	After    int
}

// findFinals lists all that a run stores.
func (p *Program) findFinals(m *Module) {
	for _, e := range m.graph.Effects {
		data := e.Variable.Data
		if e.Gradient {
			data = e.Variable.Grad
		}
		p.finals = append(p.finals, Final{e.Variable, e.Gradient, p.lastUse(data)})
	}
	for _, v := range m.unused {
		p.finals = append(p.finals, Final{v, true, -1})
	}
}

// lastUse is the last primitive that mentions some of the memory.
func (p *Program) lastUse(x []float32) int {
	for i, s := range slices.Backward(p.steps) {
		for _, list := range [][][]float32{s.in, s.out} {
			if slices.ContainsFunc(list, func(y []float32) bool { return overlap(x, y) }) {
				return i
			}
		}
	}
	return -1
}

// overlap says that two slices share memory.
func overlap(x, y []float32) bool {
	if len(x) == 0 || len(y) == 0 {
		return false
	}
	a, b := uintptr(unsafe.Pointer(unsafe.SliceData(x))), uintptr(unsafe.Pointer(unsafe.SliceData(y)))
	return a < b+4*uintptr(len(y)) && b < a+4*uintptr(len(x))
}

// Finals are in no order.
func (p *Program) Finals() []Final { return slices.Clone(p.finals) }

// notice is what a run is to tell of its progress.
type notice struct {
	after []int
	do    func(k int)
	next  int
}

// Notify makes every run call do(k) behind primitive after[k]; with -1, ahead of all.
func (p *Program) Notify(after []int, do func(k int)) error {
	switch {
	case p.closed:
		return fmt.Errorf("nn: program %q: Notify: %w", p.name, ErrClosed)
	case !slices.IsSorted(after) || len(after) > 0 && (after[0] < -1 || after[len(after)-1] >= len(p.steps)):
		return fmt.Errorf("nn: program %q: Notify: %v are not numbers of its %d primitives in their order", p.name, after, len(p.steps))
	}
	p.notice = notice{after: slices.Clone(after), do: do}
	return nil
}

// passed says that a primitive is done.
func (n *notice) passed(step int) {
	for n.next < len(n.after) && n.after[n.next] <= step {
		n.do(n.next)
		n.next++
	}
}
