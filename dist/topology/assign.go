package topology

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/cascade-hpc/cascade/internal/cpu"
)

// errFew: there are fewer cores than ranks.
var errFew = errors.New("only the cores")

// assign is the share of a rank, the given of so many on its machine, in ascending order.
// A core goes to one rank with all its hardware threads.
func assign(how string, t cpu.Topology, number, count int) ([]int, error) {
	var share []int
	switch how {
	case "cores":
		share = piece(t, number, count)
	case "numa":
		share = domains(t, number, count)
	default:
		return nil, fmt.Errorf("numa, cores or none is expected")
	}
	if len(share) == 0 {
		return nil, fmt.Errorf("%d ranks are on this machine, and the process may use %w %s: start fewer ranks", count, errFew, format(t))
	}
	return share, nil
}

// piece cuts the cores, those of a NUMA domain side by side, into as many ranges as there
// are ranks.
func piece(t cpu.Topology, number, count int) []int {
	whole := wholeCores(t)
	var ids []int
	for _, core := range whole[number*len(whole)/count : (number+1)*len(whole)/count] {
		ids = append(ids, core...)
	}
	slices.Sort(ids)
	return ids
}

// wholeCores are the hardware threads of each core.
func wholeCores(t cpu.Topology) (list [][]int) {
	t = slices.Clone(t)
	slices.SortFunc(t, func(a, b cpu.Core) int {
		return cmp.Or(a.Node-b.Node, a.Package-b.Package, a.Core-b.Core, a.Thread-b.Thread, a.ID-b.ID)
	})
	for _, c := range t {
		if c.Thread == 0 {
			list = append(list, nil)
		}
		list[len(list)-1] = append(list[len(list)-1], c.ID)
	}
	return list
}

// domains gives a rank whole NUMA domains, or, where there are more ranks, the ranks of
// one domain a piece of it each.
func domains(t cpu.Topology, number, count int) []int {
	var nodes []int
	for _, c := range t {
		nodes = append(nodes, c.Node)
	}
	slices.Sort(nodes)
	nodes = slices.Compact(nodes)
	if count <= len(nodes) {
		mine := nodes[number*len(nodes)/count : (number+1)*len(nodes)/count]
		return piece(within(t, mine...), 0, 1)
	}
	at := number * len(nodes) / count
	first, end := ceil(at*count, len(nodes)), ceil((at+1)*count, len(nodes)) // ranks of the domain
	return piece(within(t, nodes[at]), number-first, end-first)
}

func ceil(a, b int) int { return (a + b - 1) / b }

// within are the cores of some NUMA domains.
func within(t cpu.Topology, nodes ...int) cpu.Topology {
	return slices.DeleteFunc(slices.Clone(t), func(c cpu.Core) bool { return !slices.Contains(nodes, c.Node) })
}

func format(t cpu.Topology) string {
	var ids []int
	for _, c := range t {
		ids = append(ids, c.ID)
	}
	slices.Sort(ids)
	return cpu.Format(ids)
}
