package train

import (
	"cmp"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"time"

	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/nn"
)

// Reduce says how ranks that train the same net share their gradients. The zero value of
// a field is the usual choice.
type Reduce struct {
	// Bucket is in bytes what is reduced together: 0 measures a few reductions of the
	// group and takes the size from which on latency is a twentieth of them. Where there
	// are several ranks on each of several machines it also takes [dist.Hierarchical] if
	// that is faster. Where MPI adds up three ranks or more, the order depends on all
	// that: name a size to get the same bits from one training to the next.
	Bucket int
	// BFloat16 sends gradients in half the space, and adds what rounding takes from each
	// to the next. A training that is resumed then begins without those remainders.
	BFloat16 bool
}

// Reduction makes the gradients of a net means over all ranks, while the program that
// computes them still runs: each is on its way as soon as it is final, in buckets whose
// order the compiled program gives, the same on all ranks without a word between them.
// Running statistics, which are final before the first gradient, travel ahead; they too
// become means, so that all ranks hold the same net after every step.
//
//	reduction, err := train.Reduce{}.New(comm, program, net)
//	…
//	err = program.Run(step)
//	err = reduction.Wait()
//	optimizer.Step()
//
// A program of a GAN that trains another net has a Reduction of its own. Programs must run
// in the same order on all ranks, with as many samples each. Nothing is allocated in a
// step.
type Reduction struct {
	comm    *dist.Comm
	program *nn.Program
	buckets []*bucket
	fault   error // of a reduction that nobody waited for
	stats   ReductionStats
	size    int // of a bucket, in bytes
}

// ReductionStats is what reductions have taken so far.
type ReductionStats struct {
	Steps   int
	Buckets int           // of a step
	Layered bool          // reductions are hierarchical, since that was faster
	Bytes   int64         // that a step sends: of the vectors, whatever the algorithm makes of them
	Busy    time.Duration // in which something was being reduced
	Exposed time.Duration // in which Wait waited, the backward pass being done: for what is left of Busy, and ahead of that for ranks that are late
}

func (s ReductionStats) String() string {
	per := func(d time.Duration) time.Duration {
		return (d / time.Duration(max(s.Steps, 1))).Round(time.Microsecond)
	}
	layered := ""
	if s.Layered {
		layered = " machine by machine"
	}
	return fmt.Sprintf("%d buckets, %.2f MB a step, reduced%s in %v; it waits %v for ranks and for what is left of that when the backward pass is done", s.Buckets, float64(s.Bytes)/1e6, layered, per(s.Busy), per(s.Exposed))
}

// New ties the gradients that the program computes of the net to those of the other ranks.
// All ranks must call it, for the same program; that is checked. Errors: the program does
// not train the net, the ranks' nets differ, and those of the group.
func (r Reduce) New(c *dist.Comm, p *nn.Program, net *nn.Net) (*Reduction, error) {
	finals := p.FinalGradients(net)
	if len(finals) == 0 {
		return nil, fmt.Errorf("train: reduction: the program does not train net %q", net.Name())
	}
	red := &Reduction{comm: c, program: p}
	if c.Size() == 1 {
		return red, nil
	}
	if err := sameEverywhere(c, net.Name(), finals); err != nil {
		return nil, fmt.Errorf("train: reduction: %w", err)
	}
	red.size = r.Bucket
	if red.size == 0 {
		if err := red.measure(); err != nil {
			return nil, fmt.Errorf("train: reduction: %w", err)
		}
	}
	red.buckets = inBuckets(finals, net.Gradients(), max(red.size/4, 1))
	if statistics := p.FinalStatistics(net); len(statistics) > 0 {
		all := inBuckets(statistics, net.Statistics(), math.MaxInt)[0]
		all.exact = true
		red.buckets = append(red.buckets, all)
	}
	slices.SortStableFunc(red.buckets, func(a, b *bucket) int { return cmp.Compare(a.after, b.after) })
	return red, red.prepare(r.BFloat16)
}

// measure chooses how, and how much at once, the group reduces.
func (r *Reduction) measure() error {
	c, layered, err := layers(r.comm)
	if err != nil {
		return err
	}
	r.comm, r.stats.Layered = c, layered
	r.size, err = tune(c)
	return err
}

// prepare gives every bucket its memory and its request, and the program its notices.
func (r *Reduction) prepare(half bool) error {
	after := make([]int, len(r.buckets))
	for i, b := range r.buckets {
		var err error
		b.name = fmt.Sprintf("reduce bucket %d of %d: %d elements", i+1, len(r.buckets), b.n)
		after[i], b.scale = b.after, 1/float32(r.comm.Size())
		if half && !b.exact {
			b.half, err = dist.Alloc[dist.BFloat16](b.n)
			b.lost = make([]float32, b.n)
			r.stats.Bytes += int64(2 * b.n)
		} else {
			b.wire, err = dist.Alloc[float32](b.n)
			r.stats.Bytes += int64(4 * b.n)
		}
		if err != nil {
			return fmt.Errorf("train: reduction: %w", err)
		}
		b.request = dist.Prepare(r.comm, b.reduce)
	}
	r.stats.Buckets = len(r.buckets)
	return r.program.Notify(after, r.start)
}

// start sends a bucket on its way. Ahead of the first, those of a run that nobody waited
// for are waited for.
func (r *Reduction) start(k int) {
	if k == 0 {
		r.fault = errors.Join(r.fault, r.finish())
	}
	r.buckets[k].request.Start()
}

// Wait returns when the gradients of the last run are means over all ranks.
func (r *Reduction) Wait() error {
	begin := time.Now()
	err := errors.Join(r.fault, r.finish())
	r.fault = nil
	r.stats.Steps++
	r.stats.Exposed += time.Since(begin)
	for _, b := range r.buckets {
		from, to := b.request.Span()
		r.stats.Busy += to.Sub(from)
		r.program.Note(b.name, from, to.Sub(from))
	}
	return err
}

func (r *Reduction) finish() error {
	var first error
	for _, b := range r.buckets {
		if err := b.request.Wait(); first == nil {
			first = err
		}
	}
	return first
}

// Stats is what reductions have taken since New.
func (r *Reduction) Stats() ReductionStats { return r.stats }

// Bucket is the size of a bucket in bytes, as given or measured.
func (r *Reduction) Bucket() int { return r.size }

// sameEverywhere compares what the ranks are going to reduce.
func sameEverywhere(c *dist.Comm, name string, finals []nn.Final) error {
	h := fnv.New64a()
	fmt.Fprint(h, name)
	for _, f := range finals {
		fmt.Fprintln(h, f.Path, f.Begin, f.End, f.After)
	}
	all, err := gathered(c, int64(h.Sum64()))
	if err != nil {
		return err
	}
	for rank, sum := range all {
		if sum != all[0] {
			return fmt.Errorf("net %q or its program is another one on rank %d than on rank 0: all ranks must declare and compile the same", name, rank)
		}
	}
	return nil
}
