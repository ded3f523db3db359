package train

import (
	"slices"

	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/ops"
)

// bucket is some gradients, or running statistics, that are reduced together as soon as
// the last of them is final. They travel in memory of their own: where a network card
// reads by itself, that must not be of Go's heap.
type bucket struct {
	name    string    // in a trace
	of      []float32 // the net's buffer
	spans   []span    // of it
	n       int       // elements of all spans
	after   int       // primitive behind which it is final
	exact   bool      // statistics are never rounded
	request *dist.Request

	wire  []float32       // the sum, or
	half  []dist.BFloat16 // the sum in half the space, and
	lost  []float32       // what rounding has taken so far
	scale float32         // of a mean: 1 over the number of ranks
}

// span is elements begin to end of the net's buffer.
type span struct{ begin, end int }

// inBuckets puts gradients into buckets of about so many elements, in the order in which they
// become final. A gradient is never cut.
func inBuckets(finals []nn.Final, buffer []float32, limit int) []*bucket {
	var list []*bucket
	var at *bucket
	for _, f := range finals {
		n := f.End - f.Begin
		if at == nil || at.n+n > limit {
			at = &bucket{of: buffer}
			list = append(list, at)
		}
		at.n += n
		at.spans = append(at.spans, span{f.Begin, f.End})
		at.after = f.After
	}
	for _, b := range list {
		b.merge()
	}
	return list
}

// merge joins spans that are neighbours, so that there is less to copy one by one. Often
// each lies directly ahead of the one before: parameters are declared in the opposite
// order.
func (b *bucket) merge() {
	slices.SortFunc(b.spans, func(x, y span) int { return x.begin - y.begin })
	merged := b.spans[:1]
	for _, s := range b.spans[1:] {
		if last := &merged[len(merged)-1]; last.end == s.begin {
			last.end = s.end
			continue
		}
		merged = append(merged, s)
	}
	b.spans = merged
}

// reduce makes the elements the mean over all ranks.
func (b *bucket) reduce(now *dist.Comm) error {
	if b.half != nil {
		return b.reduceHalf(now)
	}
	at := 0
	for _, s := range b.spans {
		at += copy(b.wire[at:], b.of[s.begin:s.end])
	}
	if err := dist.Allreduce(now, b.wire, dist.Sum); err != nil {
		return err
	}
	at = 0
	for _, s := range b.spans {
		n := s.end - s.begin
		ops.Scale(b.of[s.begin:s.end], b.wire[at:at+n], b.scale)
		at += n
	}
	return nil
}

// reduceHalf sends half as much. What rounding takes from a gradient is added to the
// next one, so that it is late and not lost: Seide et al. (Interspeech 2014), section 3.1.
func (b *bucket) reduceHalf(now *dist.Comm) error {
	at := 0
	for _, s := range b.spans {
		for _, g := range b.of[s.begin:s.end] {
			g += b.lost[at]
			b.half[at] = dist.ToBFloat16(g)
			b.lost[at] = g - b.half[at].Float32()
			at++
		}
	}
	if err := dist.Allreduce(now, b.half, dist.Sum); err != nil {
		return err
	}
	at = 0
	for _, s := range b.spans {
		for i := s.begin; i < s.end; i++ {
			b.of[i] = b.half[at].Float32() * b.scale
			at++
		}
	}
	return nil
}
