package cpu

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
)

// System is where Linux describes its processors.
var System = os.DirFS("/sys/devices/system")

// Core is where a core, or a hardware thread of one, is in the machine.
type Core struct {
	ID      int
	Thread  int // among those of its core that are listed
	Node    int // NUMA
	Package int // processor
	Core    int // within the package
	ordinal int // among those of the same thread and node, in order of package, core and ID
}

// Topology is where some cores are.
type Topology []Core

// Read looks the cores up. What the system does not tell, as in some containers,
// is taken to be 0.
func Read(system fs.FS, ids []int) Topology {
	nodes := readNodes(system)
	t := make(Topology, len(ids))
	for i, id := range ids {
		dir := fmt.Sprintf("cpu/cpu%d/topology/", id)
		t[i] = Core{ID: id, Node: nodes[id], Package: readNumber(system, dir+"physical_package_id"), Core: readNumber(system, dir+"core_id")}
		siblings, err := Parse(readText(system, dir+"thread_siblings_list"))
		if err != nil {
			continue
		}
		for _, s := range siblings {
			if s < id && slices.Contains(ids, s) {
				t[i].Thread++
			}
		}
	}
	return t
}

// readNodes is the NUMA node of every core.
func readNodes(system fs.FS) map[int]int {
	nodes := map[int]int{}
	entries, err := fs.ReadDir(system, "node")
	if err != nil {
		return nodes
	}
	for _, e := range entries {
		node, err := strconv.Atoi(strings.TrimPrefix(e.Name(), "node"))
		if err != nil {
			continue
		}
		cores, err := Parse(readText(system, "node/"+e.Name()+"/cpulist"))
		if err != nil { // a node of memory alone
			continue
		}
		for _, c := range cores {
			nodes[c] = node
		}
	}
	return nodes
}

func readText(system fs.FS, name string) string {
	text, err := fs.ReadFile(system, name)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

func readNumber(system fs.FS, name string) int {
	n, err := strconv.Atoi(readText(system, name))
	if err != nil {
		return 0
	}
	return n
}

// Order is the cores one by one, one hardware thread of every core ahead of the second of
// any: compact is the cores of a NUMA node one after the other, then the next node's, and
// otherwise the nodes take turns.
func (t Topology) Order(compact bool) []int {
	t = slices.Clone(t)
	slices.SortFunc(t, func(a, b Core) int {
		return cmp.Or(a.Thread-b.Thread, a.Node-b.Node, a.Package-b.Package, a.Core-b.Core, a.ID-b.ID)
	})
	if !compact {
		for i := range t {
			if i > 0 && t[i].Thread == t[i-1].Thread && t[i].Node == t[i-1].Node {
				t[i].ordinal = t[i-1].ordinal + 1
			}
		}
		slices.SortStableFunc(t, func(a, b Core) int { return cmp.Or(a.Thread-b.Thread, a.ordinal-b.ordinal) })
	}
	ids := make([]int, len(t))
	for i, c := range t {
		ids[i] = c.ID
	}
	return ids
}
