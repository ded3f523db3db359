// Package ensemble keeps the networks that a training leaves on its way, lets them predict
// together, and reports what each of them and their ensemble is worth.
//
//	e, err := ensemble.Create("run/ensemble", ensemble.About{Arch: "resnet20", Classes: 10})
//	…
//	err = e.Add(net, ensemble.Member{Name: "1c", Phase: "1", Collapsed: true, Step: 4690})
//
// An [Ensemble] is a directory: a safetensors file for each [Member], and manifest.json,
// which says what they are and how their input is prepared. [Open] checks every file
// against it.
//
// A [Prediction] puts the logits of members together by a [Rule]:
//
//	p, err := ensemble.Combine(ensemble.MeanSoftmax, 10, logitsOf1c, logitsOf2c)
//	scores, err := p.Score(labels)
//
// [NewReport] asks every member for its logits and compares them all: each point of the
// training, its collapsed twin, and the ensemble as it grows. A [Report] is written as a
// table, JSON and a picture, and [Summarise] takes the mean of reports of several seeds.
package ensemble
