package plan

import (
	"strconv"

	"github.com/cascade-hpc/cascade/nn/schedule"
)

// SnapshotEnsemble is the training of Huang et al. (ICLR 2017): Cycles cosines from LR
// to 0 in as many epochs each, a member at the end of each, momentum going on. It is the
// law [schedule.Snapshot] with a phase for each cycle. Its defaults are the authors'
// for CIFAR.
type SnapshotEnsemble struct {
	LR          float64 // 0 is 0.2
	Cycles      int     // 0 is 5
	Epochs      float64 // of all cycles; 0 is 200
	WeightDecay float64 // 0 is 1e-4
}

// Plan is the list of phases.
func (e SnapshotEnsemble) Plan() Plan {
	p := Plan{Name: "snapshot ensemble"}
	cycles := orElse(float64(e.Cycles), 5)
	for k := range int(cycles) {
		p.Phases = append(p.Phases, Phase{
			Name: strconv.Itoa(k + 1), Length: Epochs(orElse(e.Epochs, 200) / cycles),
			LR:          schedule.Cosine{Max: orElse(e.LR, 0.2)},
			WeightDecay: orElse(e.WeightDecay, 1e-4),
			Snapshot:    true,
		})
	}
	return p
}

// FastGeometric is the ensemble of Garipov et al. (NeurIPS 2018), from a network that has
// been trained: half a cycle down from High to Low, then whole cycles up and down again, a
// member at every Low. It is the law [schedule.FGE] cut where the members are. The
// defaults are those of fge.py: five members at epochs 2, 6, 10, 14 and 18. Its last half
// cycle, up again and of no use, is left out.
type FastGeometric struct {
	High        float64 // 0 is 0.05
	Low         float64 // 0 is 1e-4
	Cycle       float64 // epochs; 0 is 4
	Members     int     // 0 is 5
	WeightDecay float64 // 0 is 1e-4
}

// Plan is the list of phases. They start from the weights that the training is given.
func (e FastGeometric) Plan() Plan {
	p := Plan{Name: "fast geometric ensemble"}
	high, low, half := orElse(e.High, 0.05), orElse(e.Low, 1e-4), Epochs(orElse(e.Cycle, 4)/2)
	for k := range int(orElse(float64(e.Members), 5)) {
		phase := Phase{
			Name: strconv.Itoa(k + 1), Length: half, Unit: half,
			LR:          schedule.Poly{Base: high, End: low, Horizon: 1},
			WeightDecay: orElse(e.WeightDecay, 1e-4),
			Snapshot:    true,
		}
		if k > 0 {
			phase.Length = Epochs(orElse(e.Cycle, 4))
			phase.LR = schedule.Cyclic{Low: low, High: high, Up: 1}
		}
		p.Phases = append(p.Phases, phase)
	}
	return p
}

// WeightAverage is stochastic weight averaging (Izmailov et al., UAI 2018): a training whose
// rate comes down to Average, and then stays there while the weights of every epoch are
// averaged, those at its beginning included. Batch normalisation needs new statistics
// for the mean. The defaults are those of the authors' train.py for CIFAR.
type WeightAverage struct {
	LR          float64 // 0 is 0.1
	Average     float64 // the rate while weights are averaged; 0 is 0.05
	Start       float64 // epochs ahead of the average; 0 is 161
	Epochs      float64 // in all; 0 is 200
	WeightDecay float64 // 0 is 1e-4
}

// Plan is the list of phases.
func (e WeightAverage) Plan() Plan {
	start, rate, decay := orElse(e.Start, 161), orElse(e.Average, 0.05), orElse(e.WeightDecay, 1e-4)
	return Plan{Name: "stochastic weight averaging", Phases: []Phase{
		{
			Name: "train", Length: Epochs(start), Unit: Epochs(1),
			LR:          schedule.SWA{Base: orElse(e.LR, 0.1), Average: rate, Start: start},
			WeightDecay: decay,
		},
		{
			Name: "average", Length: Epochs(orElse(e.Epochs, 200) - start),
			LR: schedule.Constant(rate), WeightDecay: decay,
			Average: Epochs(1),
		},
	}}
}
