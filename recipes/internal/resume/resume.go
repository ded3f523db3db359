package resume

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/train"
)

// Setting is one that a training must not change when it goes on: the results would be
// those of neither.
type Setting struct{ Name, Value string }

// Keep is the setting of a value, in the words that fmt has for it.
func Keep(name string, value any) Setting { return Setting{name, fmt.Sprint(value)} }

// Training is what a training says of itself.
type Training struct {
	Checkpoint string // the file
	Resume     bool   // go on from it, if it is there
	Weights    string // a file of weights to begin with, "" for those drawn from the seed
	Settings   []Setting
}

// beginningKey is where a checkpoint says which weights its training began with.
const (
	beginningKey = "beginning"
	random       = "drawn from the seed"
)

// Beginning is the file of weights that the training of a state began with, or words for
// there being none.
func Beginning(s *train.State) string { return s.Metadata[beginningKey] }

// Start brings a state, whose nets have their random weights, to where the training
// stands, and says what it does where that is not plain. A beginning leaves the settings in
// the state; load is then given Weights, if there are any. Errors: cli.ErrUsage if the
// checkpoint is of a training with other settings, those of State.Load, and load's.
func (t Training) Start(out io.Writer, s *train.State, load func(path string) error) error {
	if !t.Resume {
		return t.begin(s, load)
	}
	metadata, err := nn.ReadMetadata(t.Checkpoint)
	if errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintf(out, "%s is not there yet: the training begins\n", t.Checkpoint)
		return t.begin(s, load)
	}
	if err != nil {
		return err
	}
	if err := t.same(metadata); err != nil { // before nets are found to differ, number by number
		return err
	}
	if err := s.Load(t.Checkpoint); err != nil {
		return err
	}
	fmt.Fprintf(out, "going on from %s: %d epochs and %d steps are done", t.Checkpoint, s.Position.Epoch, s.Position.Step)
	if t.Weights != "" {
		fmt.Fprintf(out, "; it began with %s, which is not read again", t.Weights)
	}
	fmt.Fprintln(out)
	return nil
}

func (t Training) begin(s *train.State, load func(path string) error) error {
	s.Metadata = map[string]string{beginningKey: random}
	for _, k := range t.Settings {
		s.Metadata[k.Name] = k.Value
	}
	if t.Weights == "" {
		return nil
	}
	s.Metadata[beginningKey] = t.Weights
	return load(t.Weights)
}

// same refuses the checkpoint of another training. That of one that began with weights
// need not be told so again.
func (t Training) same(metadata map[string]string) error {
	settings := t.Settings
	if t.Weights != "" {
		settings = append(settings[:len(settings):len(settings)], Setting{beginningKey, t.Weights})
	}
	for _, k := range settings {
		if was := metadata[k.Name]; was != k.Value {
			return fmt.Errorf("%w: %s is of a training with %s %s, not %s: leave out --resume, or use the same settings",
				cli.ErrUsage, t.Checkpoint, k.Name, was, k.Value)
		}
	}
	return nil
}
