package main

import (
	"cmp"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/nn/ensemble"
	"github.com/cascade-hpc/cascade/nn/train"
)

// setting is one that a training must not change when it goes on: the results would be
// those of neither.
type setting struct{ name, value string }

// settings are those that no part of ensemble.About is, with what is usual filled in.
func (s *session) settings() []setting {
	return []setting{
		{"course", s.planFlags.String()},
		{"rule", s.ruleFlags.String()},
		{"smoothing", strconv.FormatFloat(s.smoothing, 'g', -1, 64)},
		{"augmentation", s.set.Augmentation.String()},
		{"images", strconv.Itoa(s.feed.Rows())},
		{"beginning", cmp.Or(s.weights, "drawn from the seed")},
	}
}

// checked are those that a checkpoint must have in common with a training that goes on
// from it.
func (s *session) checked() []setting {
	return append(s.settings(),
		setting{"network", s.arch},
		setting{"seed", strconv.FormatUint(s.seed, 10)},
		setting{"preprocessing", s.set.Preprocessing.String()})
}

// about is what the ensemble says of all its members.
func (s *session) about() ensemble.About {
	var text []string
	for _, k := range s.settings() {
		text = append(text, k.name+" "+k.value)
	}
	return ensemble.About{
		Arch: s.arch, Classes: s.set.Classes, Data: filepath.Base(s.data), Preprocessing: s.set.Preprocessing.String(),
		Plan: s.planFlags.name, Settings: strings.Join(text, "; "), Seed: s.seed,
	}
}

// start is the state to begin with: that of the checkpoint if --resume says so.
func (s *session) start(out io.Writer) (*train.State, error) {
	state := &train.State{Members: []train.Member{{Net: s.net, Optimizer: s.rule, Average: s.average}}}
	settings := s.checked()
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
