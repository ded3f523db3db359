package compile

import (
	"slices"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// buffer is memory for a tensor, and for those that take it over in place.
type buffer struct {
	size        int
	first, last int // step that writes it, last step that reads it
	offset      int // in the arena
	data        []float32
	outside     bool // lies outside the arena: a parameter, a constant
}

// planner assigns a buffer to every value.
type planner struct {
	*Module
	buffers map[ir.Value]*buffer // the module's
	list    []*buffer            // those in the arena
}

// plan gives every tensor its place in one arena: tensors whose lifetimes do not
// meet share memory, operations that can work in place do so, and what is stored in
// parameters is written there straight.
func plan(m *Module) error {
	m.memory.buffers = map[ir.Value]*buffer{}
	p := &planner{Module: m, buffers: m.memory.buffers}
	p.bindLeaves()
	p.bindEffects()
	lastRead := p.lastReads()
	inPlace := 0
	for i, s := range m.steps {
		inPlace += p.defineOutputs(i, s, lastRead)
	}
	size, need := place(p.list), 0
	for _, s := range m.steps {
		need = max(need, s.info.Need(m.Pool.Workers()))
	}
	arena, err := ops.NewArena(size + need)
	if err != nil {
		return err
	}
	m.memory.arena, m.memory.scratch = arena, arena.Floats()[size:]
	for _, s := range m.steps {
		p.bind(s)
	}
	m.notef("%.1f MB for tensors of %.1f MB, %d operations in place, %.1f MB of scratch memory",
		mb(size), mb(m.memory.total), inPlace, mb(need))
	return nil
}

func mb(floats int) float64 { return float64(floats) * 4 / 1e6 }

// forever is a step after the last.
func (p *planner) forever() int { return len(p.steps) }

// bindLeaves gives inputs memory that lasts, and variables and constants theirs.
func (p *planner) bindLeaves() {
	for _, n := range p.graph.Nodes {
		l, ok := n.Op.(ir.Leaf)
		if !ok {
			continue
		}
		b := &buffer{size: n.Out[0].Len(p.Batch), first: 0, last: p.forever()}
		switch {
		case l.Variable != nil:
			b.data, b.outside = l.Variable.Data, true
		case l.Const != nil:
			b.data, b.outside = l.Const, true
		default:
			p.list = append(p.list, b)
			p.memory.total += b.size
		}
		p.buffers[ir.Value{Node: n}] = b
	}
}

// bindEffects makes the operations whose results are stored write them in place.
func (p *planner) bindEffects() {
	for _, e := range p.graph.Effects {
		data := e.Variable.Data
		if e.Gradient {
			data = e.Variable.Grad
		}
		p.buffers[source(e.Value)] = &buffer{size: len(data), data: data, outside: true}
	}
}

// lastReads is the last step that reads each value's memory; results are read after
// the last step.
func (p *planner) lastReads() map[ir.Value]int {
	last := map[ir.Value]int{}
	for i, s := range p.steps {
		for _, v := range s.node.In {
			last[source(v)] = i
		}
	}
	for _, v := range p.results() {
		last[source(v)] = p.forever()
	}
	return last
}

// defineOutputs gives the outputs of step i their buffers, and returns 1 if the
// first of them takes over its input's.
func (p *planner) defineOutputs(i int, s *step, lastRead map[ir.Value]int) int {
	inPlace := 0
	for k := range s.node.Out {
		v := ir.Value{Node: s.node, Index: k}
		if p.buffers[v] != nil {
			continue
		}
		p.memory.total += s.node.Out[k].Len(p.Batch)
		last := max(i, lastRead[v]) // a result that nobody reads is written nonetheless
		if k == 0 && p.takesOver(i, s, lastRead) {
			b := p.buffers[source(s.node.In[0])]
			b.last = max(b.last, last)
			p.buffers[v] = b
			inPlace = 1
			continue
		}
		b := &buffer{size: s.node.Out[k].Len(p.Batch), first: i, last: last}
		p.buffers[v] = b
		p.list = append(p.list, b)
	}
	return inPlace
}

// takesOver says that the step's first output can be written over its first input,
// because nothing reads that any more.
func (p *planner) takesOver(i int, s *step, lastRead map[ir.Value]int) bool {
	if !s.info.InPlace || len(s.node.In) == 0 {
		return false
	}
	in := source(s.node.In[0])
	b := p.buffers[in]
	if in.Node.IsLeaf() || b.outside || b.last > i || lastRead[in] > i {
		return false
	}
	for _, v := range s.node.In[1:] {
		if p.buffers[source(v)] == b {
			return false
		}
	}
	return b.size == s.node.Out[0].Len(p.Batch)
}

// place gives every buffer an offset, the largest first, each at the lowest address
// that no buffer alive at the same time occupies, and returns the size of the whole.
func place(list []*buffer) int {
	order := slices.Clone(list)
	slices.SortStableFunc(order, func(a, b *buffer) int { return b.size - a.size })
	var placed []*buffer // by offset
	total := 0
	for _, b := range order {
		at := 0
		for _, other := range placed {
			if other.last < b.first || b.last < other.first {
				continue
			}
			if at+b.size <= other.offset {
				break
			}
			at = max(at, ops.RoundUp(other.offset+other.size))
		}
		b.offset = at
		total = max(total, at+ops.RoundUp(b.size))
		i, _ := slices.BinarySearchFunc(placed, at, func(o *buffer, at int) int { return o.offset - at })
		placed = slices.Insert(placed, i, b)
	}
	return total
}

func (p *planner) bind(s *step) {
	for _, v := range s.node.In {
		s.in = append(s.in, p.data(v))
	}
	for k := range s.node.Out {
		s.out = append(s.out, p.data(ir.Value{Node: s.node, Index: k}))
	}
}

// data is the memory of a value.
func (m *Module) data(v ir.Value) []float32 {
	b := m.memory.buffers[source(v)]
	if b.data == nil {
		b.data = m.memory.arena.Floats()[b.offset : b.offset+b.size : b.offset+b.size]
	}
	return b.data
}
