package gan

import (
	"fmt"
	"io"

	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/nn/train"
)

// together is what a trainer has for the ranks beside it.
type together struct {
	critic, forge *train.Reduction
	doubt         [1]float64 // of all ranks
}

// Join lets the trainer share its gradients with those of the other ranks of Config.Comm.
// All must call it ahead of the first step, when each has its trainer: what fails in
// NewTrainer on one rank alone must not leave the others waiting. The weights are to be
// those of rank 0, as Loop.Comm makes them.
func (t *Trainer) Join(r train.Reduce) error {
	var err error
	if t.together.critic, err = r.New(t.Comm, t.critic.Program, t.Discriminator); err != nil {
		return err
	}
	t.together.forge, err = r.New(t.Comm, t.forge.Program, t.Generator)
	return err
}

// doubt is the discriminator's on the batch of all ranks: they must decide alike.
func (t *Trainer) doubt() (float32, error) {
	if t.Comm.Size() == 1 || t.Restraint == 0 {
		return t.critic.doubt(), nil
	}
	sum := t.together.doubt[:]
	sum[0] = float64(t.critic.doubt())
	err := dist.Allreduce(t.Comm, sum, dist.Sum)
	return float32(sum[0] / float64(t.Comm.Size())), err
}

// PrintReductions prints what was sent between ranks, and how long that took.
func (t *Trainer) PrintReductions(w io.Writer) error {
	_, err := fmt.Fprintf(w, "gradients of the discriminator, %d times a step: %v\ngradients of the generator, %d times a step: %v\n",
		2, t.together.critic.Stats(), turns, t.together.forge.Stats())
	return err
}
