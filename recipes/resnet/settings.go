package main

import (
	"fmt"
	"io"
	"strconv"

	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/nn/ensemble"
	"github.com/cascade-hpc/cascade/nn/train"
)

// setting is one that a training must not change when it goes on: the results would be
// those of neither.
type setting struct{ name, value string }

// settings are those of the training, with what is usual filled in.
func (s *session) settings() []setting {
	return []setting{
		{"network", s.arch},
		{"course", s.planFlags.String()},
		{"rule", s.ruleFlags.String()},
		{"smoothing", strconv.FormatFloat(s.smoothing, 'g', -1, 64)},
		{"augmentation", s.set.Augmentation.String()},
		{"seed", strconv.FormatUint(s.seed, 10)},
		{"images", strconv.Itoa(s.feed.Rows())},
		{"preprocessing", s.set.Preprocessing.String()},
		{"beginning", orElse(s.weights, "drawn from the seed")},
	}
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// about is what the ensemble says of all its members. What its plan says holds every
// setting that tells one training from another.
func (s *session) about() ensemble.About {
	plan := ""
	for _, k := range s.settings()[1:5] {
		plan += fmt.Sprintf("%s: %s; ", k.name, k.value)
	}
	return ensemble.About{
		Arch: s.arch, Classes: s.set.Classes, Data: s.data, Preprocessing: s.set.Preprocessing.String(),
		Plan: plan + "beginning: " + orElse(s.weights, "drawn from the seed"), Seed: s.seed,
	}
}

// start is the state to begin with: that of the checkpoint if --resume says so.
func (s *session) start(out io.Writer) (*train.State, error) {
	state := &train.State{Members: []train.Member{{Net: s.net, Optimizer: s.rule, Average: s.average}}}
	settings := s.settings()
	if !s.resume {
		state.Metadata = map[string]string{}
		for _, k := range settings {
			state.Metadata[k.name] = k.value
		}
		return state, nil
	}
	if err := state.Load(s.file(checkpointFile)); err != nil {
		return nil, err
	}
	for _, k := range settings {
		if was := state.Metadata[k.name]; was != k.value {
			return nil, fmt.Errorf("%w: %s is of a training with %s %s, not %s: leave out --resume, or use the same settings",
				cli.ErrUsage, s.file(checkpointFile), k.name, was, k.value)
		}
	}
	fmt.Fprintf(out, "going on from %s: %d epochs and %d steps are done\n", s.file(checkpointFile), state.Position.Epoch, state.Position.Step)
	return state, nil
}
