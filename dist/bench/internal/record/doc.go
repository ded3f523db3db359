// Package record measures, on one process, what a training step does and when: how long
// each run of a program takes, at which moment of it which gradients are final, and what
// the updates between the runs cost. That is what is needed to say, without the other
// ranks, when messages to them could leave.
//
//	step, err := workload.New("resnet20", 64)
//	…
//	measured, err := record.Measure(step, 20)
//	err = measured.Write("resnet20.json")
//
// The moments come from nn.Program.Notify, between two primitives, so that measuring them
// costs nothing that a step would notice.
package record
