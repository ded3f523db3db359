package plan

import "github.com/cascade-hpc/cascade/nn/schedule"

// Baseline is a training of one phase, to measure the others against. Its defaults are
// those of Goyal et al. (arXiv:1706.02677).
type Baseline struct {
	LR          float64 // the peak: see schedule.ScaleLinearly
	Epochs      float64 // 0 is 90
	Warmup      float64 // epochs of a straight line up to LR; 0 is none, 5 is published
	From        float64 // where that line begins; theirs at 0.1, TensorFlow's at 0
	WeightDecay float64 // 0 is 1e-4
}

// Steps falls to a tenth at a third, two thirds and eight ninths of the training:
// at epochs 30, 60 and 80 of 90. They count from the start of the warm-up.
func (b Baseline) Steps() Plan {
	ninth := orElse(b.Epochs, 90) / 9
	law := schedule.MultiStep{Base: b.LR, Milestones: []float64{3 * ninth, 6 * ninth, 8 * ninth}}
	return b.plan("steps", law, false)
}

// Cosine falls to 0 along half a cosine, from the end of the warm-up on.
func (b Baseline) Cosine() Plan { return b.plan("cosine", schedule.Cosine{Max: b.LR}, true) }

// Poly falls to 0 as a power of what is left, from the end of the warm-up on.
func (b Baseline) Poly(power float64) Plan {
	return b.plan("poly", schedule.Poly{Base: b.LR, Power: power}, true)
}

func (b Baseline) plan(name string, law schedule.Law, rebase bool) Plan {
	if b.Warmup != 0 {
		law = schedule.Warmup{From: b.From, Steps: b.Warmup, Then: law, Rebase: rebase}
	}
	return Plan{Name: name, Phases: []Phase{{
		Name: "train", Length: Epochs(orElse(b.Epochs, 90)), Unit: Epochs(1),
		LR: law, WeightDecay: orElse(b.WeightDecay, 1e-4),
		Snapshot: true,
	}}}
}
