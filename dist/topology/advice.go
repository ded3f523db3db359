package topology

import (
	"fmt"
	"os"
	"slices"
	"strconv"

	"github.com/cascade-hpc/cascade/internal/cpu"
)

// Advice is a sentence for everything that keeps the rank from its share of the machine,
// with the setting that mends it: a launcher that binds it to fewer cores, more threads on
// the machine than cores that its ranks may use, and a GOMAXPROCS of 1.
func (n *Node) Advice() (sentences []string) {
	for _, s := range []string{n.narrow(), n.crowded(), n.serial()} {
		if s != "" {
			sentences = append(sentences, s)
		}
	}
	return sentences
}

// narrow is about a rank that the launcher gave less than its share. Where all ranks have
// the same cores, those are the limits of a container or a job. So may be those of a rank
// that is alone on its machine, unless it has one core: that is what launchers do.
func (n *Node) narrow() string {
	own, same := n.Ranks[n.Rank].Cores, true
	for _, r := range n.Ranks {
		same = same && slices.Equal(r.Cores, own)
	}
	one := len(n.Ranks) == 1 && len(wholeCores(n.where)) == 1
	share := available(len(n.cores), os.Getenv("SLURM_CPUS_ON_NODE")) / len(n.Ranks)
	if !n.launched || n.bound || len(own) >= share || same && !one {
		return ""
	}
	return fmt.Sprintf("rank %d of the %d on this machine may use %d of its %d cores (%s), bound by %s, and its share is %d: start it with %s", n.Rank, len(n.Ranks), len(own), len(n.cores), cpu.Format(own), n.local.name, share, fmt.Sprintf(n.local.share, share))
}

// available is how many cores of the machine the job has.
func available(online int, job string) int {
	if cores, err := strconv.Atoi(job); err == nil && cores > 0 {
		return min(online, cores)
	}
	return online
}

// crowded is about more threads than cores.
func (n *Node) crowded() string {
	threads, cores := 0, map[int]bool{}
	for _, r := range n.Ranks {
		threads += r.Threads
		for _, c := range r.Cores {
			cores[c] = true
		}
	}
	if threads <= len(cores) {
		return ""
	}
	if each := len(cores) / len(n.Ranks); each > 0 {
		return fmt.Sprintf("the %d ranks on this machine compute with %d threads on %d cores, and wait for each other: set CASCADE_NUM_THREADS=%d", len(n.Ranks), threads, len(cores), each)
	}
	return fmt.Sprintf("the %d ranks on this machine have %d cores between them, and wait for each other: start at most %d ranks on it", len(n.Ranks), len(cores), len(cores))
}

// serial is about a process that Go lets use one core of several.
func (n *Node) serial() string {
	if own := n.Ranks[n.Rank].Cores; n.procs == "1" && len(own) > 1 {
		return fmt.Sprintf("GOMAXPROCS is 1 and rank %d of the %d on this machine may use %d cores: set GOMAXPROCS=%d, or leave it unset", n.Rank, len(n.Ranks), len(own), len(own))
	}
	return ""
}
