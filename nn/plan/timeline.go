package plan

import (
	"fmt"
	"slices"
	"sort"

	"github.com/cascade-hpc/cascade/nn/schedule"
)

// Timeline says what happens at each step of a training. It has no state: a training
// that knows how many steps it has done knows everything else from here. It is safe for
// concurrent use. The zero value has no steps.
type Timeline struct {
	name     string
	epoch    uint64 // steps
	segments []Segment
}

// Segment is a phase or a collapse, in steps.
type Segment struct {
	Name     string // of the phase; that of a collapse has a "c" behind it
	Phase    string
	Collapse bool

	First, Length uint64       // steps of the timeline
	LR, Momentum  schedule.Law // counting from First
	WeightDecay   float64
	Augment       Augment

	// From is the segment at whose end the weights are from which this one starts, with
	// the statistics of batch normalisation and, unless ResetOptimizer, the state of the
	// optimiser; "" is the initial weights.
	From           string
	ResetOptimizer bool

	Snapshot bool   // the network at its end is kept for good
	Member   bool   // and belongs to the ensemble
	Keep     bool   // its end is needed by a later segment than the next
	Average  uint64 // the weights at the start and after every so many steps are averaged; 0 is no average
}

// Point is a step of a timeline.
type Point struct {
	Index   int // of Segment among Segments
	Segment Segment
	Step    uint64 // within Segment, from 0

	LR, WeightDecay, Momentum float64
	Augment                   Augment
}

// At is what the step after step others does. The error is ErrPastEnd. It allocates
// nothing.
func (t *Timeline) At(step uint64) (Point, error) {
	if step >= t.Steps() {
		return Point{}, fmt.Errorf("plan %q: step %d is %w: there are %d", t.name, step, ErrPastEnd, t.Steps())
	}
	i := sort.Search(len(t.segments), func(i int) bool { return t.segments[i].First > step }) - 1
	s := t.segments[i]
	at := step - s.First
	return Point{
		Index: i, Segment: s, Step: at,
		LR: s.LR.At(at), WeightDecay: s.WeightDecay, Momentum: s.Momentum.At(at), Augment: s.Augment,
	}, nil
}

// Steps is the number of steps of all segments.
func (t *Timeline) Steps() uint64 {
	if len(t.segments) == 0 {
		return 0
	}
	last := t.segments[len(t.segments)-1]
	return last.First + last.Length
}

// StepsPerEpoch is what the plan was resolved for.
func (t *Timeline) StepsPerEpoch() uint64 { return t.epoch }

// Name is that of the plan.
func (t *Timeline) Name() string { return t.name }

// Segments are in the order in which they are run, each right behind the one before.
func (t *Timeline) Segments() []Segment { return slices.Clone(t.segments) }

// epochs is a number of steps as epochs.
func (t *Timeline) epochs(steps uint64) float64 { return float64(steps) / float64(t.epoch) }
