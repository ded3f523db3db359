// Package dist lets the processes, or goroutines, of one training work together, in the
// words of MPI: a [Comm] is a group of ranks, and what they do together are collectives.
//
//	err := dist.Run(4, func(c *dist.Comm) error {
//		sum := []float32{float32(c.Rank())}
//		return dist.Allreduce(c, sum, dist.Sum)
//	})
//
// [Init] is the group of all processes that mpirun, mpiexec or srun has started together, on
// the MPI library of the machine. [Run] starts ranks as goroutines of one process, which
// share its memory; [Self] is a group of one.
//
// # Rules
//
// All ranks of a group call the same collectives in the same order, with the same type
// and length of data, as in MPI. What breaks that rule is found where it can be: ranks in
// one process compare their calls, and get [ErrMismatch].
//
// A Comm is for one goroutine at a time. Reductions of [AllreduceInit] go on
// beside it: started, they are worked off in their order by a goroutine of their own, while the
// caller computes. A blocking call waits for those that were started before it.
//
// # Faults
//
// No rank waits for ever. If one of the ranks of Init is killed, stopped or does not come,
// all end within the times that [Init] states, and one line tells which it was and why. A
// rank that cannot go on calls [Comm.Abort]. Of goroutines, one that fails, panics or
// returns gives the others [ErrLeft] at once.
//
// # Numbers
//
// A reduction gives all ranks the same bits. Ranks of one process are added up in their
// order. So are those of one machine in the memory that they share, but for lengths with
// which the MPI library is faster; over MPI the order is the library's and depends on the
// length, and [Hierarchical] adds up each machine first.
// [BFloat16] is added up in float32 and rounded once, to nearest even.
package dist
