package resume_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/train"
	"github.com/cascade-hpc/cascade/recipes/internal/resume"
)

// stateOf is of a net of a layer.
func stateOf(outputs int) *train.State {
	g := nn.New("net")
	net, err := g.Output("y", g.Vec("x", 3).Dense(outputs)).Build()
	if err != nil {
		panic(err) // the net is right
	}
	net.Init(1)
	return &train.State{Members: []train.Member{{Net: net}}}
}

// saved is a checkpoint after two epochs and five steps.
func saved(t *testing.T, of resume.Training) string {
	s := stateOf(2)
	require.NoError(t, of.Start(io.Discard, s, func(string) error { return nil }))
	s.Position = train.Position{Epoch: 2, Step: 5, Total: 25}
	path := filepath.Join(t.TempDir(), "checkpoint.safetensors")
	require.NoError(t, s.Save(path))
	return path
}

var settings = []resume.Setting{resume.Keep("arch", "small"), resume.Keep("seed", 1)}

func TestStartBegins(t *testing.T) {
	none := filepath.Join(t.TempDir(), "checkpoint.safetensors")
	begun := resume.Training{Settings: settings}
	for _, tc := range []struct {
		name                   string
		training               resume.Training
		loaded, begins, prints string
	}{
		{"plainly", resume.Training{Checkpoint: none}, "", "drawn from the seed", ""},
		{"though there is a checkpoint", resume.Training{Checkpoint: saved(t, begun)}, "", "drawn from the seed", ""},
		{"with weights", resume.Training{Checkpoint: none, Weights: "w"}, "w", "w", ""},
		{"where it was to go on", resume.Training{Checkpoint: none, Resume: true}, "", "drawn from the seed", none + " is not there yet: the training begins\n"},
		{"with weights, where it was to go on", resume.Training{Checkpoint: none, Resume: true, Weights: "w"}, "w", "w", none + " is not there yet: the training begins\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var out bytes.Buffer
			s, loaded := stateOf(2), ""
			tc.training.Settings = settings
			require.NoError(t, tc.training.Start(&out, s, func(path string) error { loaded = path; return nil }))
			assert.Equal(t, tc.loaded, loaded)
			assert.Equal(t, tc.begins, resume.Beginning(s))
			assert.Equal(t, tc.prints, out.String())
			assert.Equal(t, "small", s.Metadata["arch"])
			assert.Zero(t, s.Position)
		})
	}
}

func TestStartGoesOn(t *testing.T) {
	for _, tc := range []struct{ name, began, weights, begins, prints string }{
		{"from random weights", "", "", "drawn from the seed", "\n"},
		{"with the weights named again", "w", "w", "w", "; it began with w, which is not read again\n"},
		{"with the weights left out", "w", "", "w", "\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			path := saved(t, resume.Training{Weights: tc.began, Settings: settings})
			var out bytes.Buffer
			s := stateOf(2)
			err := resume.Training{Checkpoint: path, Resume: true, Weights: tc.weights, Settings: settings}.Start(&out, s, func(string) error {
				return errors.New("weights are for a beginning")
			})
			require.NoError(t, err)
			assert.Equal(t, tc.begins, resume.Beginning(s))
			assert.Equal(t, "going on from "+path+": 2 epochs and 5 steps are done"+tc.prints, out.String())
			assert.Equal(t, train.Position{Epoch: 2, Step: 5, Total: 25}, s.Position)
		})
	}
}

func TestStartRefuses(t *testing.T) {
	path := saved(t, resume.Training{Settings: settings})
	cut := filepath.Join(t.TempDir(), "cut.safetensors")
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(cut, whole[:len(whole)-4], 0o644))
	other := []resume.Setting{resume.Keep("arch", "large")}
	for _, tc := range []struct {
		name     string
		training resume.Training
		outputs  int
		usage    bool
		says     string
	}{
		{"another setting, before nets that differ", resume.Training{Checkpoint: path, Settings: other}, 3, true, "is of a training with arch small, not large: leave out --resume"},
		{"other weights", resume.Training{Checkpoint: path, Weights: "w", Settings: settings}, 2, true, "with beginning drawn from the seed, not w"},
		{"a net that differs", resume.Training{Checkpoint: path, Settings: settings}, 3, false, path},
		{"a damaged checkpoint", resume.Training{Checkpoint: cut, Settings: settings}, 2, false, cut},
		{"a folder", resume.Training{Checkpoint: filepath.Dir(cut), Settings: settings}, 2, false, filepath.Dir(cut)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.training.Resume = true
			err := tc.training.Start(io.Discard, stateOf(tc.outputs), nil)
			assert.ErrorContains(t, err, tc.says)
			assert.Equal(t, tc.usage, errors.Is(err, cli.ErrUsage))
		})
	}
	begin := resume.Training{Checkpoint: path, Weights: "w"}
	assert.ErrorIs(t, begin.Start(io.Discard, stateOf(2), func(string) error { return context.Canceled }), context.Canceled)
}

func ExampleTraining_Start() {
	state := stateOf(2)
	err := resume.Training{
		Checkpoint: "out/checkpoint.safetensors", Resume: true,
		Settings: []resume.Setting{resume.Keep("seed", 1)},
	}.Start(os.Stdout, state, nil)
	fmt.Println(state.Metadata, err)
	// Output:
	// out/checkpoint.safetensors is not there yet: the training begins
	// map[beginning:drawn from the seed seed:1] <nil>
}
