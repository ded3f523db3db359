package plan

import (
	"math"
	"strconv"

	"github.com/cascade-hpc/cascade/nn/schedule"
)

// CollapsedEnsemble is the law behind [RecipeB] in closed form, with a collapse off every
// cycle. Cycle k from 0 has the peak b = LR·Peak^k, reaches it in a straight line, and
// comes down to Cut·b along a square:
//
//	lr(i) = b·(1 - i/T)²,  0 ≤ i < Cycle,  T = Cycle/(1 - √Cut)
//
// Its collapse is Cut·b·(1 - j/Collapse)², and the next cycle rises from Cut·b. The
// phases are called 1, 2, 3, … and what they collapse to 1c, 2c, 3c, …, as in the
// published table. Lengths are in epochs; [Plan.Stretch] makes the whole fit a budget.
type CollapsedEnsemble struct {
	LR     float64 // the peak of the first cycle
	Cycles int     // and members; 0 is 6

	Peak     float64 // of a cycle over that of the one before; 0 is 0.75
	Cut      float64 // share of its peak to which a cycle comes down; 0 is 1/4
	Cycle    float64 // epochs of a descent; 0 is 12
	From     float64 // where the first warm-up begins; 0 is LR/16, as 0.1 is of 1.6
	Warmup   float64 // epochs of the first warm-up; 0 is 5
	Rewarm   float64 // epochs of the others; 0 is 3
	Collapse float64 // epochs of a collapse; 0 is 5

	WeightDecay   float64 // 0 is 5e-5
	CollapseDecay float64 // times WeightDecay; 0 is 4
}

// Plan is the list of phases. What is wrong with the settings is found when it is resolved.
func (e CollapsedEnsemble) Plan() Plan {
	p := Plan{Name: "collapsed ensemble"}
	cut, cycle := orElse(e.Cut, 0.25), orElse(e.Cycle, 12)
	peak, from, warmup := e.LR, orElse(e.From, e.LR/16), orElse(e.Warmup, 5)
	for k := range int(orElse(float64(e.Cycles), 6)) {
		p.Phases = append(p.Phases, Phase{
			Name: strconv.Itoa(k + 1), Length: Epochs(warmup + cycle),
			LR: schedule.Warmup{
				From: from, Steps: warmup, Rebase: true,
				Then: schedule.Poly{Base: peak, Power: 2, Horizon: cycle / (1 - math.Sqrt(cut))},
			},
			Unit:        Epochs(1),
			WeightDecay: orElse(e.WeightDecay, 5e-5),
			Snapshot:    true,
			Collapse: &Collapse{
				Length: Epochs(orElse(e.Collapse, 5)), LR: cut * peak,
				WeightDecay: orElse(e.CollapseDecay, 4),
			},
		})
		from, peak, warmup = cut*peak, peak*orElse(e.Peak, 0.75), orElse(e.Rewarm, 3)
	}
	return p
}
