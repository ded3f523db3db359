package dist

import (
	"fmt"
	"slices"
)

// local is the transport of a rank among goroutines.
type local struct {
	world *world
	group *group
	me    int
}

// call is what a rank asks for in a collective.
type call struct {
	name     string
	dst, src vector
	op       Op
	root     int

	colour, key int // of a split; ranks may differ in them
}

func (l *local) rank() int              { return l.me }
func (l *local) size() int              { return len(l.group.members) }
func (l *local) node() (rank, size int) { return l.me, l.size() }
func (l *local) close() error           { return nil }
func (l *local) abort(_ int, why string) {
	l.world.fail(fmt.Errorf("%w: rank %d: %s", ErrLeft, l.me, why))
}

// together shows the call to all ranks, does this rank's share of the work when all have
// come, and returns when all have done theirs.
func (l *local) together(c call, work func(calls []call)) error {
	g := l.group
	g.calls[l.me] = c
	if !g.meet.wait() {
		return *g.why.Load()
	}
	err := agree(g.calls)
	if err == nil {
		work(g.calls)
	}
	if !g.meet.wait() {
		return *g.why.Load()
	}
	return err
}

// agree compares the calls of all ranks.
func agree(calls []call) error {
	first := calls[0]
	for rank, c := range calls[1:] {
		if c.name != first.name || c.op != first.op || c.root != first.root ||
			c.dst.n != first.dst.n || c.src.n != first.src.n || c.dst.kind != first.dst.kind || c.src.kind != first.src.kind {
			return fmt.Errorf("%w: rank 0 calls %v, rank %d calls %v", ErrMismatch, first, rank+1, c)
		}
	}
	return nil
}

func (c call) String() string {
	s := c.name
	for _, v := range []vector{c.dst, c.src} {
		if v.kind != 0 {
			s += fmt.Sprintf(" %d %v", v.n, v.kind)
		}
	}
	if c.op != 0 {
		s += fmt.Sprintf(" by %v", c.op)
	}
	if c.root != noRoot {
		s += fmt.Sprintf(" at %d", c.root)
	}
	return s
}

const noRoot = -1

// piece is in bytes what is combined and copied at a time: it stays in the first-level
// cache meanwhile.
const piece = 8 << 10

// share calls work with the pieces of this rank's share of n elements: from and to.
func (l *local) share(v vector, work func(from, to int)) {
	step := piece / v.kind.size()
	begin, end := v.share(l.me, l.size()), v.share(l.me+1, l.size())
	for from := begin; from < end; from += step {
		work(from, min(from+step, end))
	}
}

func (l *local) allreduce(v vector, op Op) error {
	return l.together(call{name: "Allreduce", dst: v, op: op, root: noRoot}, func(calls []call) {
		l.share(v, func(from, to int) {
			sum := calls[0].dst.part(from, to)
			for _, c := range calls[1:] {
				combine(sum, c.dst.part(from, to), op)
			}
			for _, c := range calls[1:] {
				copy(c.dst.part(from, to).bytes(), sum.bytes())
			}
		})
	})
}

func (l *local) reduce(v vector, op Op, root int) error {
	var scratch [piece / 8]float64 // of any kind
	return l.together(call{name: "Reduce", dst: v, op: op, root: root}, func(calls []call) {
		l.share(v, func(from, to int) {
			sum := vector{vectorOf(scratch[:]).p, to - from, v.kind}
			copy(sum.bytes(), calls[0].dst.part(from, to).bytes())
			for _, c := range calls[1:] {
				combine(sum, c.dst.part(from, to), op)
			}
			copy(calls[root].dst.part(from, to).bytes(), sum.bytes())
		})
	})
}

func (l *local) bcast(v vector, root int) error {
	return l.together(call{name: "Bcast", dst: v, root: root}, func(calls []call) {
		if l.me != root {
			copy(v.bytes(), calls[root].dst.bytes())
		}
	})
}

func (l *local) allgather(dst, src vector) error {
	return l.together(call{name: "Allgather", dst: dst, src: src, root: noRoot}, func(calls []call) {
		for rank, c := range calls {
			copy(dst.part(rank*src.n, (rank+1)*src.n).bytes(), c.src.bytes())
		}
	})
}

func (l *local) alltoall(dst, src vector) error {
	n := src.n / l.size()
	return l.together(call{name: "Alltoall", dst: dst, src: src, root: noRoot}, func(calls []call) {
		for rank, c := range calls {
			copy(dst.part(rank*n, (rank+1)*n).bytes(), c.src.part(l.me*n, (l.me+1)*n).bytes())
		}
	})
}

func (l *local) reduceScatter(dst, src vector, op Op) error {
	return l.together(call{name: "ReduceScatter", dst: dst, src: src, op: op, root: noRoot}, func(calls []call) {
		copy(dst.bytes(), calls[0].src.part(l.me*dst.n, (l.me+1)*dst.n).bytes())
		for _, c := range calls[1:] {
			combine(dst, c.src.part(l.me*dst.n, (l.me+1)*dst.n), op)
		}
	})
}

func (l *local) barrier() error {
	return l.together(call{name: "Barrier", root: noRoot}, func([]call) {})
}

func (l *local) split(colour, key int) (transport, error) {
	g := l.group
	err := l.together(call{name: "Split", root: noRoot, colour: colour, key: key}, func(calls []call) {
		if l.me == 0 {
			g.parts = l.world.partition(g, calls)
		}
	})
	if err != nil {
		return nil, err
	}
	part := g.parts[colour]
	if err := l.barrier(); err != nil || part == nil { // nobody begins another split before all have read this one's
		return nil, err
	}
	return &local{l.world, part, slices.Index(part.members, g.members[l.me])}, nil
}

// partition makes the groups of a split.
func (w *world) partition(g *group, calls []call) map[int]*group {
	order := ranks(len(calls))
	slices.SortStableFunc(order, func(a, b int) int { return calls[a].key - calls[b].key })
	members := map[int][]int{}
	for _, rank := range order {
		if c := calls[rank].colour; c >= 0 {
			members[c] = append(members[c], g.members[rank])
		}
	}
	parts := map[int]*group{}
	for colour, list := range members {
		parts[colour] = w.newGroup(list)
	}
	return parts
}

func (l *local) splitNode() (transport, error) { return l.split(0, l.me) }
