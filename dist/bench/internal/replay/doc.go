// Package replay predicts how a training step scales to nodes that are not there: it
// writes what every rank would compute and send, and lets SimGrid's SMPI play that on a
// model of a cluster.
//
//	job := replay.Job{Step: measured, Pace: 1, CorePace: 1, Nodes: 64, Workers: 2,
//		Algorithm: "halving", Layered: true, Overlap: true, Bucket: 2 << 20, Steps: 1}
//	seconds, err := job.Play(ctx, replay.Stampede2())
//	efficiency := job.Alone() / seconds
//
// A sum over ranks is played message by message, as an [Algorithm] has its [Round]s:
// SMPI's own collectives choose other algorithms, and those that do not block cannot be
// replayed. Traces are in SMPI's time-independent format: a file for each actor, an
// action a line (https://simgrid.org/doc/latest/, "SMPI: Trace Replay").
package replay
