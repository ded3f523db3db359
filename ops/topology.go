package ops

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
)

// systemDevices is where Linux describes its processors.
var systemDevices = os.DirFS("/sys/devices/system")

// logicalCore is where a core, or a hardware thread of one, is in the machine.
type logicalCore struct {
	id      int
	thread  int // among those of its core that may be used
	node    int // NUMA
	pack    int // package: processor
	core    int // within the package
	ordinal int // among those of the same thread and node, in order of package, core and id
}

type topology []logicalCore

// readTopology looks the cores up. What the system does not tell, as in some containers,
// is taken to be 0.
func readTopology(system fs.FS, ids []int) topology {
	nodes := readNodes(system)
	t := make(topology, len(ids))
	for i, id := range ids {
		dir := fmt.Sprintf("cpu/cpu%d/topology/", id)
		t[i] = logicalCore{id: id, node: nodes[id], pack: readNumber(system, dir+"physical_package_id"), core: readNumber(system, dir+"core_id")}
		siblings, err := parseCores(readText(system, dir+"thread_siblings_list"))
		if err != nil {
			continue
		}
		for _, s := range siblings {
			if s < id && slices.Contains(ids, s) {
				t[i].thread++
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
		cores, err := parseCores(readText(system, "node/"+e.Name()+"/cpulist"))
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

// order is that in which workers get cores: see [PoolOptions].
func (t topology) order(compact bool) []int {
	t = slices.Clone(t)
	slices.SortFunc(t, func(a, b logicalCore) int {
		return cmp.Or(a.thread-b.thread, a.node-b.node, a.pack-b.pack, a.core-b.core, a.id-b.id)
	})
	if !compact {
		for i := range t {
			if i > 0 && t[i].thread == t[i-1].thread && t[i].node == t[i-1].node {
				t[i].ordinal = t[i-1].ordinal + 1
			}
		}
		slices.SortStableFunc(t, func(a, b logicalCore) int { return cmp.Or(a.thread-b.thread, a.ordinal-b.ordinal) })
	}
	ids := make([]int, len(t))
	for i, c := range t {
		ids[i] = c.id
	}
	return ids
}
