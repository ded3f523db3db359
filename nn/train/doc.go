// Package train is the loop around programs: epochs of steps, metrics, progress,
// checkpoints from which a training goes on to the same bits.
//
// [Loop] does everything but the step itself, which is the caller's: one program and
// one optimizer for a classifier, three programs and two optimizers for a GAN.
//
//	state := train.State{Members: []train.Member{{Net: net, Optimizer: adam}}}
//	loop := train.Loop{
//		Epochs: 10, Steps: batches.Steps(), Batch: 64, Unit: "images",
//		Metrics: []string{"loss"},
//		Step: func(at train.Position, metrics []float64) error {
//			if err := fill(at); err != nil {
//				return err
//			}
//			if err := program.Run(at.Total); err != nil {
//				return err
//			}
//			adam.Step()
//			metrics[0] = float64(loss[0])
//			return nil
//		},
//		State: &state, Checkpoint: "checkpoint.safetensors",
//	}
//	err := loop.Run(ctx)
//
// With a plan (package plan) in place of Epochs and Steps the loop goes through its
// phases: it sets the rates of every step, branches off and goes back, and says when a
// member of an ensemble is there.
//
//	loop.Plan, err = plan.CollapsedEnsemble{LR: 0.1}.Plan().Stretch(plan.Epochs(24)).Resolve(steps, plan.Length{})
//	loop.Segment = func(s plan.Segment) error { return augmentLike(s.Augment) }
//	loop.Snapshot = func(s plan.Segment) error { return net.Save(s.Name+".safetensors", nil) }
//
// A phase may average weights. Their running statistics are not those of the average:
// [Reestimate] makes new ones.
//
// A loop that is cancelled leaves a checkpoint and returns [ErrInterrupted];
// [State.Load] before the next Run makes it go on from there.
//
// What goes wrong is said early: see [github.com/cascade-hpc/cascade/nn/signs].
package train
