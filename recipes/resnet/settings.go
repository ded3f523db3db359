package main

import (
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/cascade-hpc/cascade/nn/ensemble"
	"github.com/cascade-hpc/cascade/nn/train"
	"github.com/cascade-hpc/cascade/recipes/internal/resume"
)

// settings are those that no part of ensemble.About is, with what is usual filled in.
func (s *session) settings() []resume.Setting {
	return []resume.Setting{
		resume.Keep("course", &s.planFlags),
		resume.Keep("rule", &s.ruleFlags),
		resume.Keep("smoothing", s.smoothing),
		resume.Keep("augmentation", s.set.Augmentation),
		resume.Keep("images", s.feed.Rows()),
		resume.Keep(heldOutKey, s.HeldOut),
	}
}

const (
	heldOutKey = "held out"
	between    = "; " // settings
)

// heldOut is the share of its images that the training of an ensemble held out, to be
// tested with.
func heldOut(a ensemble.About) (float64, error) {
	for setting := range strings.SplitSeq(a.Settings, between) {
		if share, found := strings.CutPrefix(setting, heldOutKey+" "); found {
			return strconv.ParseFloat(share, 64)
		}
	}
	return 0, nil
}

// about is what the ensemble says of all its members.
func (s *session) about() ensemble.About {
	var text []string
	for _, k := range s.settings() {
		text = append(text, k.Name+" "+k.Value)
	}
	text = append(text, "beginning "+resume.Beginning(s.state))
	return ensemble.About{
		Arch: s.arch, Classes: s.set.Classes, Data: filepath.Base(s.data), Preprocessing: s.set.Preprocessing.String(),
		Plan: s.planFlags.name, Settings: strings.Join(text, between), Seed: s.seed,
	}
}

// fresh is the state of what was built.
func (s *session) fresh() *train.State {
	return &train.State{Members: []train.Member{{Net: s.net, Optimizer: s.rule, Average: s.average}}}
}

// start is the state to begin with, or that of the checkpoint if --resume says so.
func (s *session) start(out io.Writer) (*train.State, error) {
	state := s.fresh()
	return state, resume.Training{
		Checkpoint: s.file(checkpointFile), Resume: s.resume, Weights: s.weights,
		Settings: append(s.settings(),
			resume.Keep("network", s.arch),
			resume.Keep("seed", s.seed),
			resume.Keep("preprocessing", s.set.Preprocessing)),
	}.Start(out, state, func(path string) error {
		if err := s.net.Load(path); err != nil {
			return err
		}
		err := s.makeAverage() // which is at first what the net is
		state.Members[0].Average = s.average
		return err
	})
}
