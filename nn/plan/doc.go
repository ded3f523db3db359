// Package plan describes a training as a list of phases, and says what happens at each
// step of it.
//
//	p := plan.Plan{Name: "two cycles", Phases: []plan.Phase{
//		{
//			Name: "1", Length: plan.Epochs(12),
//			LR:          schedule.Poly{Base: 1.02, Power: 2, Horizon: 24},
//			Unit:        plan.Epochs(1),
//			WeightDecay: 5e-5,
//			Snapshot:    true,
//			Collapse:    &plan.Collapse{Length: plan.Epochs(5)},
//		},
//		…
//	}}
//	timeline, err := p.Resolve(stepsPerEpoch, plan.Length{})
//	…
//	at, err := timeline.At(step)
//	sgd.SetLR(at.LR)
//
// A [Phase] has a length, in epochs, steps or a share of a budget, a learning rate by a
// law of package schedule, weight decay, momentum, augmentation, and a place where its
// weights come from. A [Collapse] branches off its end, and what it leaves is a member
// of an ensemble; the phases behind go on as if it had not been.
//
// [Plan.Resolve] puts a [Plan] on a [Timeline] of whole steps and lists what is wrong with it.
// A timeline is a pure function of the step: to resume, a training saves how many steps
// it has done, and nothing else of the plan. [Plan.Stretch] fits a plan to another length
// and [Plan.Scale] to another batch. [Timeline.Table] and [Timeline.Plot] show it.
//
// # Ready plans
//
//	RecipeA, RecipeB     the published trainings of ResNet-50 with one collapse
//	CollapsedEnsemble    cycles that all collapse, in closed form
//	SnapshotEnsemble     Huang et al.
//	FastGeometric        Garipov et al.
//	WeightAverage        Izmailov et al.
//	Baseline             steps, cosine, poly: one phase to measure the others against
//
// # Running a timeline
//
// Loop.Plan of package train does it. A loop of one's own runs segments in their order.
// Before the first step of one, the weights, the statistics of batch normalisation and
// the state of the optimiser become those of the end of its From; with ResetOptimizer
// that state is zero instead. Most follow the segment that they go on from, and nothing
// is to be done. An end with Keep must be saved with the state of the optimiser, since
// a collapse runs before a segment goes back to it; an end with Snapshot is saved for
// good.
package plan
