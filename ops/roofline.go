package ops

import (
	"slices"
	"time"
)

// Roofline is what the workers of a pool can do at most (Williams, Waterman and
// Patterson, CACM 52, 2009): no computation takes less time than its arithmetic, and
// none less than its memory traffic.
type Roofline struct {
	FLOPs     float64 // operations a second, a multiply-add counting 2; 0 where this build cannot tell
	Bandwidth float64 // bytes a second to and from memory
}

// Roofline measures what the pool can do, at the first call, in some 0.3 s.
func (p *Pool) Roofline() (Roofline, error) { return p.roofline() }

func measureRoofline(p *Pool) (Roofline, error) {
	bandwidth, err := TriadRate(p)
	return Roofline{FLOPs: PeakFLOPs(p), Bandwidth: bandwidth}, err
}

// Seconds is the least time of a computation, 0 where it is not known. What finds its
// data in a cache can take less.
func (r Roofline) Seconds(flops, bytes int64) float64 {
	if r.FLOPs == 0 || r.Bandwidth == 0 {
		return 0
	}
	return max(float64(flops)/r.FLOPs, float64(bytes)/r.Bandwidth)
}

// PeakFLOPs is the rate of multiply-adds that never leave the registers, on all workers
// at once, since cores share their clock; 0 where this build cannot tell. It is the
// median of many short pieces: the best would be one while the other thread of the same
// core slept, and whole tasks would count the time in which another process had the
// core.
func PeakFLOPs(p *Pool) float64 {
	if spin() == 0 {
		return 0
	}
	const partsPerWorker = 16
	s := make(spinning, partsPerWorker*p.Workers())
	p.Run(len(s), s)
	var all []float64
	for _, rates := range s {
		all = append(all, rates[:]...)
	}
	slices.Sort(all)
	return all[len(all)/2] * float64(p.Workers())
}

// spinning is a task that fills in the rates of pieces of arithmetic.
type spinning [][64]float64

// Part implements [Task].
func (s spinning) Part(_, part int) {
	for i := range s[part] {
		start := time.Now()
		s[part][i] = spin() / time.Since(start).Seconds()
	}
}

// TriadRate is the rate, in bytes a second, of the traffic of McCalpin's STREAM triad,
// a = b + s·c, counted as STREAM counts, 12 bytes an element: the best of several. The
// product of two tensors stands for it, which reads and writes the same and waits for
// memory as long.
func TriadRate(p *Pool) (float64, error) {
	const (
		length = 1 << 24 // 64 MiB a tensor, more than the caches of a core
		rounds = 10
	)
	product, err := NewMul(length)
	if err != nil {
		return 0, err
	}
	memory, err := NewArena(3 * length)
	if err != nil {
		return 0, err
	}
	x := memory.Floats()
	in, out := [][]float32{x[:length], x[length : 2*length]}, [][]float32{x[2*length:]}
	exec := NewExec(p, product)
	for i := range in { // what was never written is a single page of zeros
		product.Exec(exec, in, in[i:i+1])
	}
	best := time.Duration(1<<63 - 1)
	for range rounds {
		start := time.Now()
		product.Exec(exec, in, out)
		best = min(best, time.Since(start))
	}
	return 12 * length / best.Seconds(), memory.Close()
}
