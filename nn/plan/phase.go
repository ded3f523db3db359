package plan

import "github.com/cascade-hpc/cascade/nn/schedule"

// Phase is a stretch of the training under one law. Its fields stand in the order of the
// columns of published tables, and their zero values mean what the comments say.
type Phase struct {
	Name   string // no two of a plan have the same
	Length Length

	// LR is the law of the learning rate. It counts from the start of the phase, and a
	// length that it leaves open is that of the phase.
	LR schedule.Law
	// Unit is what the numbers of steps in LR and Momentum mean: with Epochs(1), the law
	// MultiStep{Milestones: []float64{30, 60, 80}} falls at these epochs. 0 is one step.
	Unit Length

	WeightDecay float64
	Momentum    schedule.Law // nil is 0.9
	Augment     Augment      // "" is Full

	// Start names the phase, or the collapse, at whose end the weights are from which
	// this phase starts; Initial is those before the first step, "" is the phase before.
	Start string
	// ResetOptimizer starts with no momentum. Otherwise the state of the optimiser comes
	// from where the weights do.
	ResetOptimizer bool

	// Snapshot keeps the network at the end: as a member of the ensemble or, beside a
	// Collapse, as what its member is compared with.
	Snapshot bool
	// Average forms the running mean of the weights at the start of the phase and after
	// every such length. 0 is no mean.
	Average Length
	// Collapse branches off the end; nil is no branch.
	Collapse *Collapse
}

// Initial is the Start of a phase that begins with the weights of before the first step.
const Initial = "initial"

// Collapse is a short side branch from the end of a phase: weights and the statistics of
// batch normalisation are copied, momentum begins at zero, the rate falls to zero as
//
//	lr(j) = LR·(1 - j/Length)^Power
//
// with more weight decay and without scale augmentation. What comes of it is a member of
// the ensemble, named like the phase with a "c" behind it. The phases behind go on from
// the weights before the collapse. It is that of Codreanu, Podareanu and Saletore
// (arXiv:1711.04291), with what the files of their training say of it
// (github.com/sara-nl/caffe, models/intel_optimized_models/multinode).
type Collapse struct {
	Length Length
	LR     float64 // 0 is Factor times the rate of the last step of the phase
	Factor float64 // 0 is 1
	Power  float64 // 0 is 2
	// WeightDecay is times that of the phase: 2 and 4 are published. 0 is 2.
	WeightDecay float64
	Augment     Augment // "" is NoScale
}

// Augment names a level of augmentation. A recipe maps it to a pipeline of its own, and
// may have levels beside these.
type Augment string

// The levels of the published recipes.
const (
	Full    Augment = "full"     // all there is, random scale and aspect ratio included
	NoScale Augment = "no scale" // mirrored and cut at random, at the scale of validation
	None    Augment = "none"
)

// or is the level, or another where there is none.
func (a Augment) or(standard Augment) Augment {
	if a == "" {
		return standard
	}
	return a
}
