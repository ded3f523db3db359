package train

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/plan"
)

// course is a loop on its way through a plan.
type course struct {
	*Loop
	ranks    *ranks // nil if alone
	segments []plan.Segment
	index    int // of the segment under way; -1 before the first call of enter
}

// initial is the name in the files of what the training began with: no segment can have
// it, since a phase cannot start from one that is called so.
const initial = plan.Initial

func newCourse(l *Loop) *course { return &course{Loop: l, segments: l.Plan.Segments(), index: -1} }

// at is the index of the segment that the next step belongs to; as long as a stretch is
// not reported, that of its last step.
func (c *course) at() int {
	step := c.State.Position.Total
	if c.State.done > 0 {
		step--
	}
	i := slices.IndexFunc(c.segments, func(s plan.Segment) bool { return step < s.First+s.Length })
	return max(i, 0)
}

// left is the number of steps to the end of the segment.
func (c *course) left(total uint64) int {
	s := c.segments[c.index]
	return int(min(s.First+s.Length-total, uint64(c.Steps)))
}

// enter makes the segment of the position the one under way. Ahead of its first step
// everything becomes what the segment starts from; what was kept for that is still
// there if a run is killed meanwhile, so that doing it again comes to the same.
func (c *course) enter() error {
	i := c.at()
	if i == c.index {
		return nil
	}
	s := c.segments[i]
	if c.State.done == 0 && c.State.Position.Total == s.First {
		if err := c.start(i); err != nil {
			return fmt.Errorf("phase %q: %w", s.Name, err)
		}
	}
	c.index = i
	if c.Segment == nil {
		return nil
	}
	if err := c.Segment(s); err != nil {
		return fmt.Errorf("phase %q: %w", s.Name, err)
	}
	return nil
}

// start brings everything to where a segment starts from.
func (c *course) start(i int) error {
	s := c.segments[i]
	switch {
	case i == 0:
		if c.lastUse(initial) > 0 {
			if err := c.keep(initial); err != nil {
				return err
			}
		}
	case c.returns(i):
		if err := c.goBack(c.from(i)); err != nil {
			return err
		}
	}
	for _, m := range c.State.Members {
		if m.Optimizer != nil && s.ResetOptimizer {
			m.Optimizer.Reset()
		}
		if m.Average == nil || s.Average == 0 {
			continue
		}
		if err := m.Average.Restore(m.Average.State(), 0); err != nil { // a new mean: the first update copies
			return err
		}
		m.Average.Update()
	}
	return nil
}

// rates sets those of the next step.
func (c *course) rates(total uint64) error {
	p, err := c.Plan.At(total)
	if err != nil {
		return err
	}
	for _, m := range c.State.Members {
		if m.Optimizer == nil {
			continue
		}
		m.Optimizer.SetLR(p.LR)
		if err := errors.Join(m.Optimizer.SetWeightDecay(p.WeightDecay), m.Optimizer.SetMomentum(p.Momentum)); err != nil {
			return fmt.Errorf("phase %q, net %q: %w", p.Segment.Name, m.Net.Name(), err)
		}
	}
	return nil
}

// average takes the weights after a step into the mean of the segment, when that is due.
func (c *course) average(total uint64) {
	s := c.segments[c.index]
	if s.Average == 0 || (total-s.First)%s.Average != 0 {
		return
	}
	for _, m := range c.State.Members {
		if m.Average != nil {
			m.Average.Update()
		}
	}
}

// now is the name of the segment under way and the learning rate of the step before.
func (c *course) now() (string, float64) {
	p, err := c.Plan.At(c.State.Position.Total - 1)
	if err != nil {
		return "", 0
	}
	return p.Segment.Name, p.LR
}

// leave does what belongs to the end of a segment, if this is one.
func (c *course) leave() error {
	s := c.segments[c.index]
	if c.State.Position.Total < s.First+s.Length {
		return nil
	}
	if c.Snapshot != nil && (s.Snapshot || s.Average > 0) {
		if err := c.Snapshot(s); err != nil {
			return fmt.Errorf("end of phase %q: %w", s.Name, err)
		}
	}
	if s.Keep {
		return c.keep(s.Name)
	}
	return nil
}

// lastUse is the index of the last segment that goes back to an end, or -1.
func (c *course) lastUse(end string) int {
	for i := len(c.segments) - 1; i > 0; i-- {
		if c.from(i) == end && c.returns(i) {
			return i
		}
	}
	return -1
}

// goesBack says that some segment does not start at the end of the one before.
func (c *course) goesBack() bool {
	for i := 1; i < len(c.segments); i++ {
		if c.returns(i) {
			return true
		}
	}
	return false
}

// returns says that segment i, from 1, starts elsewhere than at the end of the one before.
func (c *course) returns(i int) bool { return c.from(i) != c.segments[i-1].Name }

// averages says that a segment forms a mean of the weights.
func (c *course) averages() bool {
	return slices.ContainsFunc(c.segments, func(s plan.Segment) bool { return s.Average > 0 })
}

// from is the end from which a segment starts.
func (c *course) from(i int) string {
	if c.segments[i].From == "" {
		return initial
	}
	return c.segments[i].From
}

// path is the file of the end of a segment, beside the checkpoint.
func (c *course) path(end string) string {
	ext := filepath.Ext(c.Checkpoint)
	return strings.TrimSuffix(c.Checkpoint, ext) + "-end-" + url.PathEscape(end) + ext
}

// keep saves what the training has come to, for a segment that goes back to it.
func (c *course) keep(end string) error {
	if !c.ranks.leads() {
		return nil
	}
	if err := c.State.finite(); err != nil {
		return fmt.Errorf("the training has diverged: %w", err)
	}
	return c.State.save(c.path(end))
}

// goBack makes nets and optimizers what they were at the end of a segment. The position
// stays.
func (c *course) goBack(from string) error {
	kept := State{Members: c.State.Members}
	if c.ranks.leads() {
		if err := c.read(&kept, from); err != nil {
			return err
		}
	}
	if c.ranks == nil {
		return nil
	}
	return kept.share(c.Comm)
}

// read loads the end of a segment.
func (c *course) read(kept *State, from string) error {
	total := uint64(0)
	if from != initial {
		i := slices.IndexFunc(c.segments, func(s plan.Segment) bool { return s.Name == from })
		total = c.segments[i].First + c.segments[i].Length
	}
	path := c.path(from)
	metadata, err := nn.ReadMetadata(path)
	if err != nil {
		return err
	}
	r := reader{path: path, metadata: metadata}
	if at := uint64(r.integer(totalKey)); r.err != nil {
		return r.err
	} else if at != total {
		return fmt.Errorf("%s is from step %d, not from the end of %q after step %d: it belongs to another training", path, at, from, total)
	}
	return kept.Load(path)
}

// tidy removes ends that no later segment goes back to. A checkpoint from behind the
// last that did is there already.
func (c *course) tidy() error {
	s := c.segments[c.index]
	if c.Checkpoint == "" || !c.ranks.leads() || c.State.Position.Total < s.First+s.Length {
		return nil
	}
	if end := c.from(c.index); c.lastUse(end) == c.index {
		if err := os.Remove(c.path(end)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
