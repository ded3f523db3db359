package dist

import (
	"errors"
	"fmt"
	"os"
	"time"
	"unsafe"

	"github.com/cascade-hpc/cascade/dist/internal/mpi"
)

// mpiGroup is the transport of an MPI communicator.
type mpiGroup struct {
	lib                *mpi.Library
	comm               *mpi.Comm
	world              bool
	nodeRank, nodeSize int
	result             region[float64] // of any kind, for reduce
	shared             *shared         // nil unless all ranks are on this machine
	requests           bool            // this is the group for requests, see beside
}

// openMPI starts MPI in the carrier's own goroutine, whose thread it belongs to from then
// on. A library that lets any thread call, one at a time, is then called by whoever asks,
// which saves the way to that thread.
func openMPI(k *carrier) (*mpiGroup, mpi.Version, error) {
	var g *mpiGroup
	var about mpi.Version
	err := k.call("Init", func() (err error) {
		g, about, err = startMPI()
		return err
	})
	if err != nil {
		return nil, about, err
	}
	k.alone = about.Threads < mpi.Serialized
	return g, about, nil
}

func startMPI() (*mpiGroup, mpi.Version, error) {
	lib, err := mpi.Open("")
	if err != nil {
		return nil, mpi.Version{}, err
	}
	comm, err := lib.Init(mpi.Serialized)
	if errors.Is(err, mpi.ErrThreads) {
		comm, err = lib.Init(mpi.Funneled)
	}
	if err != nil {
		return nil, lib.Version(), err
	}
	g := &mpiGroup{lib: lib, comm: comm, world: true}
	return g, lib.Version(), g.lookAround()
}

// lookAround counts the ranks on this machine, and shares memory if these are all.
func (g *mpiGroup) lookAround() error {
	node, err := g.comm.SplitShared()
	if err != nil {
		return err
	}
	g.nodeRank, g.nodeSize = node.Rank(), node.Size()
	if err := node.Free(); err != nil {
		return err
	}
	return g.share()
}

func (g *mpiGroup) rank() int        { return g.comm.Rank() }
func (g *mpiGroup) size() int        { return g.comm.Size() }
func (g *mpiGroup) node() (int, int) { return g.nodeRank, g.nodeSize }

func (g *mpiGroup) barrier() error {
	if g.shared != nil {
		return g.shared.wait()
	}
	return g.comm.Barrier()
}

// types are those in which MPI adds up, and moves, elements. Half floats are moved only.
var mpiTypes = [...]mpi.Datatype{float32s: mpi.Float32, float64s: mpi.Float64, int64s: mpi.Int64}

var mpiOps = [...]mpi.Op{Sum: mpi.Sum, Max: mpi.Max, Min: mpi.Min}

// mostBytes is the longest piece of a vector in one call: MPI counts with 32 bits.
const mostBytes = 1 << 30

// inPieces calls with elements from and to of vectors of n.
func inPieces(v vector, call func(from, to int) error) error {
	step := mostBytes / v.kind.size()
	for from := 0; from < v.n; from += step {
		if err := call(from, min(from+step, v.n)); err != nil {
			return err
		}
	}
	return nil
}

func (g *mpiGroup) allreduce(v vector, op Op) error {
	if g.shared != nil {
		if done, err := g.inShared(v, op); done || err != nil {
			return err
		}
	}
	if v.n*v.kind.size() <= mostBytes { // without a closure, which would take memory
		return g.comm.Allreduce(nil, v.p, v.n, mpiTypes[v.kind], mpiOps[op])
	}
	return inPieces(v, func(from, to int) error {
		return g.comm.Allreduce(nil, v.part(from, to).p, to-from, mpiTypes[v.kind], mpiOps[op])
	})
}

// reduce is an allreduce in memory of its own, of which root takes the result. MPI_Reduce of
// MPICH 4.0.2 gives wrong sums, without an error, where ranks are on several machines and 513
// float32 are added up, and in place it crashes on roots other than 0.
func (g *mpiGroup) reduce(v vector, op Op, root int) error {
	room, err := g.result.take((min(v.n*v.kind.size(), mostBytes) + 7) / 8)
	if err != nil {
		return err
	}
	return inPieces(v, func(from, to int) error {
		part := v.part(from, to)
		sum := vector{unsafe.Pointer(unsafe.SliceData(room)), part.n, v.kind}
		copy(sum.bytes(), part.bytes())
		if err := g.allreduce(sum, op); err != nil {
			return err
		}
		if g.rank() == root {
			copy(part.bytes(), sum.bytes())
		}
		return nil
	})
}

func (g *mpiGroup) bcast(v vector, root int) error {
	b := v.asBytes()
	return inPieces(b, func(from, to int) error {
		return g.comm.Bcast(b.part(from, to).p, to-from, mpi.Byte, root)
	})
}

// allgather and the two below are of vectors that MPI can count in one call.
func (g *mpiGroup) allgather(dst, src vector) error {
	n, err := countable(src)
	if err != nil {
		return err
	}
	return g.comm.Allgather(src.p, dst.p, n, mpi.Byte)
}

func (g *mpiGroup) alltoall(dst, src vector) error {
	n, err := countable(src.part(0, src.n/g.size()))
	if err != nil {
		return err
	}
	return g.comm.Alltoall(src.p, dst.p, n, mpi.Byte)
}

func (g *mpiGroup) reduceScatter(dst, src vector, op Op) error {
	if _, err := countable(src); err != nil {
		return err
	}
	return g.comm.ReduceScatterBlock(src.p, dst.p, dst.n, mpiTypes[dst.kind], mpiOps[op])
}

// countable is the length in bytes.
func countable(v vector) (int, error) {
	n := v.n * v.kind.size()
	if n > mostBytes {
		return 0, fmt.Errorf("%w: %d bytes for each rank, and at most %d go in one call", ErrArgument, n, mostBytes)
	}
	return n, nil
}

func (g *mpiGroup) split(colour, key int) (transport, error) {
	if colour < 0 {
		colour = mpi.Undefined
	}
	part, err := g.comm.Split(colour, key)
	if err != nil || part == nil {
		return nil, err
	}
	p := &mpiGroup{lib: g.lib, comm: part}
	return p, p.lookAround()
}

func (g *mpiGroup) splitNode() (transport, error) {
	node, err := g.comm.SplitShared()
	if err != nil {
		return nil, err
	}
	p := &mpiGroup{lib: g.lib, comm: node, nodeRank: node.Rank(), nodeSize: node.Size()}
	return p, p.share()
}

// forwarded is the time that a launcher is given to read what a rank has printed: Hydra,
// MPICH's, drops what it has not read when a rank aborts, and the reason with it.
const forwarded = 300 * time.Millisecond

// abort does not wait for a call that is under way: nothing may come of that any more.
func (g *mpiGroup) abort(code int, reason string) {
	fmt.Fprintf(os.Stderr, "dist: rank %d of %d ends all: %s\n", g.rank(), g.size(), reason)
	time.Sleep(forwarded)
	_ = g.lib.Abort(code)
	os.Exit(code)
}

func (g *mpiGroup) close() error {
	var err error
	if g.shared != nil {
		err = g.shared.close()
	}
	if g.world {
		return errors.Join(err, g.lib.Finalize())
	}
	return errors.Join(err, g.comm.Free())
}
