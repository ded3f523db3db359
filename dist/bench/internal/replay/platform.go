package replay

import (
	"fmt"
	"io"
	"text/template"

	"github.com/cascade-hpc/cascade/internal/philox"
)

// Platform is a cluster: nodes at leaf switches, each of which has a link to every core
// switch.
type Platform struct {
	Leaves    int     // switches
	Nodes     int     // at each of them
	Cores     int     // switches above, and so links up from each leaf
	Bandwidth float64 // of every link in each direction, bytes/s
	Latency   float64 // of every link, seconds: two lie between neighbours, four between leaves
	// Memory is what a worker gets from another on its node, in bytes/s, and MemoryLatency
	// how long its first byte takes.
	Memory        float64
	MemoryLatency float64
}

// Stampede2 is a cluster like that of the Texas Advanced Computing Center in 2018, as far
// as it is needed: 20 of its leaf switches.
//
// Its users' guide described 28 nodes at a leaf switch with 20 uplinks. Of the 100 Gb/s of a
// port of Omni-Path its maker, Intel, promised 12.3 GB/s to MPI, and about a microsecond
// for a message of MPI through one switch; neither page could be read again when this was
// written. Every link has half of that time, so that a message between leaves takes 2 µs,
// more than the 0.11 µs that each further switch adds by Intel's data sheets. Between
// workers of a node it is about what two ranks of Open MPI got from each other here.
func Stampede2() Platform {
	return Platform{
		Leaves: 20, Nodes: 28, Cores: 20,
		Bandwidth: 12.3e9, Latency: 0.5e-6,
		Memory: 8e9, MemoryLatency: 0.5e-6,
	}
}

// size is the number of nodes.
func (p Platform) size() int { return p.Leaves * p.Nodes }

// cluster is SimGrid's description. A node has more cores than a job has actors on it, so
// that none waits for another's.
var cluster = template.Must(template.New("platform").Parse(`<?xml version="1.0"?>
<!DOCTYPE platform SYSTEM "https://simgrid.org/simgrid.dtd">
<platform version="4.1">
	<cluster id="cluster" prefix="node-" suffix="" radical="0-{{.Last}}" speed="{{.Speed}}f" core="64"
		bw="{{.Bandwidth}}Bps" lat="{{.Latency}}s" topology="FAT_TREE"
		topo_parameters="2;{{.Nodes}},{{.Leaves}};1,{{.Cores}};1,1"
		loopback_bw="{{.Memory}}Bps" loopback_lat="{{.MemoryLatency}}s"/>
</platform>
`))

// Write writes the platform as SimGrid reads it.
func (p Platform) Write(w io.Writer) error {
	return cluster.Execute(w, struct {
		Platform
		Last  int
		Speed float64
	}{p, p.size() - 1, speed})
}

// hosts writes where the actors of a job run, a line each.
func (p Platform) hosts(w io.Writer, j Job) error {
	if j.Nodes > p.size() {
		return fmt.Errorf("replay: %d nodes of a cluster of %d", j.Nodes, p.size())
	}
	at := make([]int, p.size())
	for i := range at {
		at[i] = i
	}
	if j.Scatter {
		r := philox.NewStream(j.Seed, 1<<32)
		for i := len(at) - 1; i > 0; i-- {
			k := int(r.Uint64() % uint64(i+1))
			at[i], at[k] = at[k], at[i]
		}
	}
	for range 2 {
		for rank := range j.ranks() {
			if _, err := fmt.Fprintf(w, "node-%d\n", at[rank/j.Workers]); err != nil {
				return err
			}
		}
	}
	return nil
}
