package dist

import (
	"os"
	"strings"

	"github.com/cascade-hpc/cascade/dist/internal/shm"
)

// sharedVariable leaves all sums to MPI if it is "0".
const sharedVariable = "CASCADE_SHARED_MEMORY"

// Lengths in bytes, from and to, at which MPI adds up faster than it is done in shared
// memory. By dist/bench with two ranks on two cores of an EPYC (Zen 5), Open MPI 4.1.4 and
// MPICH 4.0.2 take 39 and 46 µs for 256 KiB, where 75 are taken here, but 14.8 and 16.7 for
// 64 KiB, where 14.5 are, and 32 and 34 ms for 64 MiB, where 20 are. On a Zen 3 they take 4.0
// and 5.1 ms for 16 MiB, where 2.8 and 3.2 are; at 8 MiB there is no difference.
const (
	mpiFrom = 64<<10 + 4
	mpiTo   = 16 << 20
)

// inShared adds up in shared memory, unless MPI is better at it. Then it waits for the
// others as one does here, without keeping a core, and MPI finds all of them there.
func (g *mpiGroup) inShared(v vector, op Op) (done bool, err error) {
	if n := v.n * v.kind.size(); g.requests || n < mpiFrom || n >= mpiTo {
		return true, g.shared.allreduce(v, op)
	}
	return false, g.shared.meet(v, op)
}

// beside is the group for requests, which wait while their rank computes, and so never in
// MPI: to spin there for a rank whose thread the system has not let run costs milliseconds
// where cores are busy, more than MPI saves.
func (g *mpiGroup) beside() transport {
	b := *g
	b.requests = true
	return &b
}

// share gives a group whose ranks are all on this machine their shared memory, where it is
// to be had on all of them. All ranks must call it.
func (g *mpiGroup) share() error {
	rank, size := g.rank(), g.size()
	if size == 1 || g.nodeSize != size {
		return nil
	}
	memory, err := g.sharedMemory(sharedBytes(size))
	if err == nil && memory != nil {
		g.shared = &shared{memory: memory, barrier: shm.NewBarrier(memory.Bytes(), size), rank: rank, size: size}
	}
	return err
}

// sharedMemory is made by rank 0 and opened by the others. It is nil if one of them cannot:
// a container may have little of it, or its own.
func (g *mpiGroup) sharedMemory(size int) (*shm.Memory, error) {
	var memory *shm.Memory
	name := make([]byte, 64) // of the file; zeros if there is none
	if g.rank() == 0 && os.Getenv(sharedVariable) != "0" {
		if m, made, err := shm.Create(size); err == nil {
			memory = m
			copy(name, made)
			defer shm.Remove(made) // all have it then; one that stays takes memory and does no other harm
		}
	}
	if err := g.bcast(vectorOfBytes(name), 0); err != nil {
		return nil, err
	}
	if made := strings.TrimRight(string(name), "\x00"); g.rank() > 0 && made != "" {
		if m, err := shm.Open(made, size); err == nil {
			memory = m
		}
	}
	have := []int64{0}
	if memory != nil {
		have[0] = 1
	}
	if err := g.allreduce(vectorOf(have), Min); err != nil || have[0] == 1 {
		return memory, err
	}
	if memory != nil {
		return nil, memory.Close()
	}
	return nil, nil
}
