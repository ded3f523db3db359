// Package resume is how the trainings of all recipes begin, or go on from a checkpoint: the
// flags --resume and --weights, and the settings that a training must keep.
//
//	err := resume.Training{
//		Checkpoint: "out/checkpoint.safetensors", Resume: true,
//		Settings:   []resume.Setting{resume.Keep("batch", 16), resume.Keep("seed", 1)},
//	}.Start(os.Stdout, state, nil)
//
// A job of a batch queue comes again with the command that it began with. So --resume where
// there is no checkpoint yet begins, and --weights beside a checkpoint is not read again.
package resume
