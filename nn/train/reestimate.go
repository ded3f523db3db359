package train

import (
	"errors"
	"fmt"
	"slices"

	"github.com/cascade-hpc/cascade/nn"
)

// Reestimate replaces the running statistics of batch normalisation in a net by means
// over batches, each with the same weight. It is for weights that are a mean themselves
// (Izmailov et al., UAI 2018, section 3.2): the net never ran with them, and the
// statistics of others do not belong to them.
//
//	err = member.Average.With(func() error {
//		err := train.Reestimate(member.Net, 100, func(batch int) error {
//			if err := fill(batch); err != nil {
//				return err
//			}
//			return program.Run(uint64(batch))
//		})
//		…
//		return e.Add(member.Net, ensemble.Member{Name: "swa"})
//	})
//
// run is the forward pass of a training on rows of the training set, and no step of an
// optimizer: a run of a program that was compiled with nn.Train(net). It is called for
// the batches from 0 to before batches, and for batch 0 once more ahead of them. The
// gradients of the net are overwritten. A program with a Reduction must be waited for in
// run: errors.Join(program.Run(…), reduction.Wait()). The variances are means of the batches' unbiased
// ones, as PyTorch's update_bn has them.
//
// Errors, after which the statistics are what they were: those of run; one for a
// statistic that run does not move, or that is not finite. A net without statistics
// needs no runs, and gets none.
func Reestimate(net *nn.Net, batches int, run func(batch int) error) error {
	if batches < 1 {
		return fmt.Errorf("train: statistics of net %q: %d batches: at least 1 is needed", net.Name(), batches)
	}
	if len(net.Statistics()) == 0 {
		return nil
	}
	before := slices.Clone(net.Statistics())
	if err := newEstimate(net).run(batches, run); err != nil {
		copy(net.Statistics(), before)
		return fmt.Errorf("train: statistics of net %q: %w", net.Name(), err)
	}
	return nil
}

// estimate finds means of what batches add to running statistics. A run makes of a
// statistic r, with the batch's s,
//
//	r' = m·r + (1−m)·s
//
// From r = 0 it leaves (1−m)·s, rounded once, from which s follows without a difference
// in which digits are lost. m is not told by a net, but a run from r = 2¹⁰⁰ leaves m·2¹⁰⁰
// to the last bit, next to which s vanishes. A net that is applied k times in a run has
// mᵏ, and a mean over its applications for s.
type estimate struct {
	params []nn.Param
	keep   [][]float64 // m
	sums   [][]float64 // of (1−m)·s
}

const large = 1 << 100

func newEstimate(net *nn.Net) *estimate {
	e := &estimate{params: net.Params()}
	e.params = slices.DeleteFunc(e.params, func(p nn.Param) bool { return p.Grad != nil })
	for _, p := range e.params {
		e.keep = append(e.keep, make([]float64, len(p.Data)))
		e.sums = append(e.sums, make([]float64, len(p.Data)))
	}
	return e
}

func (e *estimate) run(batches int, run func(batch int) error) error {
	if err := e.from(large, 0, run, e.learn); err != nil {
		return err
	}
	for batch := range batches {
		if err := e.from(0, batch, run, e.add); err != nil {
			return err
		}
	}
	for i, p := range e.params {
		for j, sum := range e.sums[i] {
			p.Data[j] = float32(sum / (1 - e.keep[i][j]) / float64(batches))
		}
	}
	return nil
}

// from runs a batch with all statistics at r and looks at what becomes of each.
func (e *estimate) from(r float32, batch int, run func(int) error, look func(i, j int, v float64) error) error {
	for _, p := range e.params {
		for j := range p.Data {
			p.Data[j] = r
		}
	}
	if err := run(batch); err != nil {
		return fmt.Errorf("batch %d: %w", batch, err)
	}
	for i, p := range e.params {
		for j, v := range p.Data {
			if err := look(i, j, float64(v)); err != nil {
				return fmt.Errorf("batch %d: element %d of %q: %w", batch, j, p.Path, err)
			}
		}
	}
	return nil
}

func (e *estimate) learn(i, j int, v float64) error {
	if v == large {
		return errors.New("the run does not move it: the program must train the net, with a momentum below 1")
	}
	if !finite(v) {
		return fmt.Errorf("the batch makes it %g", v)
	}
	e.keep[i][j] = v / large
	return nil
}

func (e *estimate) add(i, j int, v float64) error {
	if !finite(v) {
		return fmt.Errorf("the batch makes it %g", v)
	}
	e.sums[i][j] += v
	return nil
}
