// Package schedule gives learning rates, and momenta, as pure functions of the step.
//
//	law := schedule.Warmup{
//		From: 0.1, Steps: 1560,
//		Then: schedule.Poly{Base: schedule.ScaleLinearly(0.1, 256, 4096), Horizon: 18720},
//	}
//	if err := schedule.Check(law); err != nil {
//		return err
//	}
//	…
//	sgd.SetLR(law.At(step))
//
// A [Law] has no state. A training that goes on at step 4711 asks for the value at step
// 4711 and has the same bits as one that was never interrupted; nothing is saved, and
// nothing drifts in however many steps.
//
// # Laws
//
//	Constant, Step, MultiStep, Exponential   the classics
//	Poly                                     a power of what is left; cut short, the partial collapse
//	Cosine, SGDR, Snapshot                   a cosine, with warm restarts, for snapshot ensembles
//	Cyclic, FGE                              triangles: three modes of Smith, fast geometric ensembles
//	OneCycle                                 up and down once, with its momentum
//	SWA                                      what precedes an average of weights
//	Warmup                                   a line up to another law: Caffe's and the re-based one
//	Sequence                                 laws one after the other
//
// They are structs of their settings, and the comment of each has its formula, with i for
// the step, and where it comes from. Lengths are in steps, from 0 on, and need not be
// whole: 2.5 epochs of 313 steps are 782.5 steps. Zero fields mean what their comments
// say. [Check] finds what is wrong with settings, and [Stretch] makes a law longer.
// [Table] and [Plot] show laws; phases with laws of their own are in package nn/plan.
package schedule
