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
	spans   []span
	n       int  // elements
	after   int  // primitive behind which it is final
	exact   bool // statistics are never rounded
	request *dist.Request

	wire  []float32       // the sum, or
	half  []dist.BFloat16 // the sum in half the space, and
	lost  []float32       // what rounding has taken so far
	scale float32         // of a mean: 1 over the number of ranks
}

// span is neighbouring elements of the net's buffer.
type span struct{ data []float32 }

// inBuckets puts gradients into buckets of about so many elements, in the order in which they
// become final. A gradient is never cut.
func inBuckets(finals []nn.Final, buffer []float32, limit int) []*bucket {
	var list []*bucket
	var at *bucket
	for _, f := range finals {
		n := f.End - f.Begin
		if at == nil || at.n+n > limit {
			at = &bucket{}
			list = append(list, at)
		}
		at.add(buffer[f.Begin:f.End:f.End])
		at.after = f.After
	}
	return list
}

// add takes in elements, which often lie directly ahead of those before: parameters are
// declared in the opposite order.
func (b *bucket) add(data []float32) {
	b.n += len(data)
	b.spans = append(b.spans, span{data})
}

// merge joins spans that are neighbours in the buffer, so that there is less to copy
// one by one.
func (b *bucket) merge(buffer []float32) {
	offset := func(s span) int { return len(buffer) - cap(s.data) }
	slices.SortFunc(b.spans, func(x, y span) int { return offset(x) - offset(y) })
	merged := b.spans[:1]
	for _, s := range b.spans[1:] {
		last := &merged[len(merged)-1]
		if from := offset(*last); from+len(last.data) == offset(s) {
			last.data = buffer[from : offset(s)+len(s.data)]
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
		at += copy(b.wire[at:], s.data)
	}
	if err := dist.Allreduce(now, b.wire, dist.Sum); err != nil {
		return err
	}
	at = 0
	for _, s := range b.spans {
		ops.Scale(s.data, b.wire[at:at+len(s.data)], b.scale)
		at += len(s.data)
	}
	return nil
}

// reduceHalf sends half as much. What rounding takes from a gradient is added to the
// next one, so that it is late and not lost: Seide et al. (Interspeech 2014), section 3.1.
func (b *bucket) reduceHalf(now *dist.Comm) error {
	at := 0
	for _, s := range b.spans {
		for _, g := range s.data {
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
		for i := range s.data {
			s.data[i] = b.half[at].Float32() * b.scale
			at++
		}
	}
	return nil
}
