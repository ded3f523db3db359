package topology

import (
	"fmt"
	"os"
	"runtime"
	"slices"

	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/internal/cpu"
)

// Node is a machine with the ranks that share it.
type Node struct {
	Rank  int    // the caller's, among those of the machine
	Ranks []Rank // of the machine

	cores    []int // of the machine
	where    cpu.Topology
	procs    string // GOMAXPROCS of the environment: [dist.Init] changes that of the process
	local    local
	launched bool
	bound    bool // by Bind
}

// Rank is what one rank has.
type Rank struct {
	Cores   []int // that it may use; more than one to a core where that has hardware threads
	Threads int   // that compute
}

// Look tells what all ranks of the caller's machine have. threads is how many of the caller
// compute, those of its pool. All ranks of the group must call it.
func Look(c *dist.Comm, threads int) (*Node, error) {
	allowed, err := cpu.Allowed()
	if err != nil { // not Linux: no launcher binds there
		allowed = nil
		for i := range runtime.NumCPU() {
			allowed = append(allowed, i)
		}
	}
	l, launched, err := own()
	if err != nil {
		return nil, err
	}
	n := &Node{
		cores: online(allowed), where: cpu.Read(cpu.System, allowed), procs: os.Getenv("GOMAXPROCS"),
		local: l, launched: launched, bound: os.Getenv(bound) != "",
	}
	node, err := c.SplitNode()
	if err != nil {
		return nil, fmt.Errorf("topology: %w", err)
	}
	n.Rank = node.Rank()
	if n.Ranks, err = exchange(node, Rank{allowed, threads}); err != nil {
		return nil, fmt.Errorf("topology: %w", err)
	}
	return n, node.Close()
}

// online are the cores of the machine.
func online(allowed []int) []int {
	text, err := os.ReadFile("/sys/devices/system/cpu/online")
	if err != nil {
		return allowed
	}
	cores, err := cpu.Parse(string(text))
	if err != nil {
		return allowed
	}
	return cores
}

// exchange gives all ranks of a machine what each has: a bit for every core, and threads.
func exchange(node *dist.Comm, own Rank) ([]Rank, error) {
	const words = cpu.Max / 64
	record := make([]int64, words+1)
	for _, c := range own.Cores {
		record[c/64] |= 1 << (c % 64)
	}
	record[words] = int64(own.Threads)
	all := make([]int64, len(record)*node.Size())
	if err := dist.Allgather(node, all, record); err != nil {
		return nil, err
	}
	var ranks []Rank
	for r := range slices.Chunk(all, len(record)) {
		rank := Rank{Threads: int(r[words])}
		for c := range cpu.Max {
			if r[c/64]>>(c%64)&1 == 1 {
				rank.Cores = append(rank.Cores, c)
			}
		}
		ranks = append(ranks, rank)
	}
	return ranks, nil
}

// String is a line for the log.
func (n *Node) String() string {
	own := n.Ranks[n.Rank]
	var nodes []int
	for _, c := range n.where {
		nodes = append(nodes, c.Node)
	}
	slices.Sort(nodes)
	return fmt.Sprintf("rank %d of the %d on this machine: cores %s of %s, NUMA %s, %d threads", n.Rank, len(n.Ranks), cpu.Format(own.Cores), cpu.Format(n.cores), cpu.Format(slices.Compact(nodes)), own.Threads)
}
