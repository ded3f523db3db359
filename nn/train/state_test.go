package train_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/safetensors"
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/optim"
	"github.com/cascade-hpc/cascade/nn/train"
)

// saved is a checkpoint after some steps.
func saved(t *testing.T) (path string, k *task) {
	k = newTask(t)
	for i := range uint64(3) {
		require.NoError(t, k.step(train.Position{Total: i}, make([]float64, 1)))
	}
	k.state.Position = train.Position{Epoch: 2, Step: 1, Total: 11}
	k.state.Metadata = map[string]string{"seed": "4"}
	path = filepath.Join(t.TempDir(), "checkpoint.safetensors")
	require.NoError(t, k.state.Save(path))
	return path, k
}

func TestSaveAndLoad(t *testing.T) {
	path, k := saved(t)
	k.state.Members[0].Optimizer.SetLR(0.5)
	other := newTask(t)
	require.NoError(t, other.state.Load(path))
	assert.Equal(t, k.weights(), other.weights())
	assert.Equal(t, k.state.Position, other.state.Position)
	assert.Equal(t, map[string]string{"seed": "4"}, other.state.Metadata, "the user's and nothing else")
	assert.Equal(t, int64(3), other.state.Members[0].Optimizer.Steps())
	assert.Equal(t, 0.01, other.state.Members[0].Optimizer.LR(), "the rate when it was saved")
}

// TestNames: what other programs find in a checkpoint.
func TestNames(t *testing.T) {
	path, _ := saved(t)
	f, err := safetensors.Open(path)
	require.NoError(t, err)
	defer f.Close()
	var names []string
	for _, info := range f.Tensors() {
		names = append(names, info.Name)
	}
	assert.Subset(t, names, []string{
		"net/dense_1/weights", "net/batch_norm_1/running_mean", "net/optimizer/exp_avg", "net/optimizer/exp_avg_sq",
	})
}

// TestLoadRefuses damages checkpoints: each is refused with its reason, and nothing
// has changed.
func TestLoadRefuses(t *testing.T) {
	path, _ := saved(t)
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	model := filepath.Join(t.TempDir(), "model.safetensors")
	require.NoError(t, newTask(t).state.Members[0].Net.Save(model, nil))
	tests := []struct {
		name string
		path func(t *testing.T) string
		load func(t *testing.T) *train.State
		says string
	}{
		{"missing file", func(t *testing.T) string { return "/nonexistent/checkpoint" }, nil, "/nonexistent/checkpoint"},
		{"truncated file", func(t *testing.T) string {
			p := filepath.Join(t.TempDir(), "cut")
			require.NoError(t, os.WriteFile(p, whole[:len(whole)-5], 0o644))
			return p
		}, nil, "cut"},
		{"model file", func(*testing.T) string { return model }, nil, `its format is "cascade", not "cascade checkpoint"`},
		{"another optimizer", func(*testing.T) string { return path }, func(t *testing.T) *train.State {
			k := newTask(t)
			sgd, err := optim.SGD{LR: 1, Momentum: 0.9}.New(k.state.Members[0].Net)
			require.NoError(t, err)
			k.state.Members[0].Optimizer = sgd
			return k.state
		}, `tensor "net/optimizer/momentum_buffer"`},
		{"another net", func(*testing.T) string { return path }, func(t *testing.T) *train.State {
			g := nn.New("net")
			net, err := g.Output("y", g.Vec("x", 3).Dense(7).BatchNorm().Tanh().Dense(1)).Build()
			require.NoError(t, err)
			adam, err := optim.Adam{}.New(net)
			require.NoError(t, err)
			return &train.State{Members: []train.Member{{Net: net, Optimizer: adam}}}
		}, `tensor "net/dense_1/weights": wrong shape: it is [8 3], not [7 3]`},
		{"net of another name", func(*testing.T) string { return path }, func(t *testing.T) *train.State {
			g := nn.New("other")
			net, err := g.Output("y", g.Vec("x", 3).Dense(1)).Build()
			require.NoError(t, err)
			adam, err := optim.Adam{}.New(net)
			require.NoError(t, err)
			return &train.State{Members: []train.Member{{Net: net, Optimizer: adam}}}
		}, `the metadata entry "other/optimizer/steps"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			k := newTask(t)
			state := k.state
			if test.load != nil {
				state = test.load(t)
			}
			before := append([]float32(nil), state.Members[0].Net.Weights()...)
			assert.ErrorContains(t, state.Load(test.path(t)), test.says)
			assert.Equal(t, before, state.Members[0].Net.Weights())
			assert.Zero(t, state.Position)
		})
	}
}

// TestRatesAreKept: rates that were set before a checkpoint, and a sum of gradients that
// was under way, go on after it to the same bits.
func TestRatesAreKept(t *testing.T) {
	fresh := func() (*train.State, func()) {
		net := newTask(t).state.Members[0].Net
		lamb, err := optim.LAMB{Options: optim.Options{NoDecay: optim.Vectors, ClipNorm: 1, Accumulate: 3}}.New(net)
		require.NoError(t, err)
		return &train.State{Members: []train.Member{{Net: net, Optimizer: lamb}}}, func() {
			for _, p := range net.Params() {
				for i := range p.Grad {
					p.Grad[i] = float32(i%5) - 1.5 + float32(lamb.Steps())
				}
			}
			lamb.Step()
		}
	}
	first, step := fresh()
	for range 4 {
		step()
	}
	first.Members[0].Optimizer.SetLR(0.3)
	require.NoError(t, first.Members[0].Optimizer.SetWeightDecay(0.25))
	require.NoError(t, first.Members[0].Optimizer.SetMomentum(0.6))
	path := filepath.Join(t.TempDir(), "checkpoint.safetensors")
	require.NoError(t, first.Save(path))
	second, again := fresh()
	require.NoError(t, second.Load(path))
	for range 5 {
		step()
		again()
	}
	assert.Equal(t, first.Members[0].Net.Weights(), second.Members[0].Net.Weights())
	assert.Equal(t, 0.25, second.Members[0].Optimizer.WeightDecay())
	assert.Equal(t, 0.6, second.Members[0].Optimizer.Momentum())
}

// TestUntrainedMember: a net without an optimizer, such as an average of another, is
// kept with the rest.
func TestUntrainedMember(t *testing.T) {
	k := newTask(t)
	k.state.Members[0].Optimizer = nil
	path := filepath.Join(t.TempDir(), "checkpoint.safetensors")
	require.NoError(t, k.state.Save(path))
	other := newTask(t)
	other.state.Members[0].Optimizer = nil
	other.state.Members[0].Net.Init(99)
	require.NoError(t, other.state.Load(path))
	assert.Equal(t, k.state.Members[0].Net.Weights(), other.state.Members[0].Net.Weights())

	assert.ErrorContains(t, newTask(t).state.Load(path), `"net/optimizer/steps"`, "an optimizer cannot go on from nothing")
}

func TestSaveRefuses(t *testing.T) {
	tests := []struct {
		name   string
		change func(s *train.State)
		says   string
	}{
		{"no net", func(s *train.State) { s.Members[0].Net = nil }, "member 1 of 1 has no net"},
		{"a net twice", func(s *train.State) { s.Members = append(s.Members, s.Members[0]) }, `two nets are called "net"`},
		{"metadata in the way", func(s *train.State) { s.Metadata = map[string]string{"epoch": "3"} }, `the metadata entry "epoch" ("3")`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			k := newTask(t)
			test.change(k.state)
			path := filepath.Join(t.TempDir(), "checkpoint.safetensors")
			assert.ErrorContains(t, k.state.Save(path), test.says)
			assert.NoFileExists(t, path)
		})
	}
}

// TestAStateIsNotSavedWhileANetHoldsItsAverage: each would be taken for the other.
func TestAStateIsNotSavedWhileANetHoldsItsAverage(t *testing.T) {
	k := newTask(t)
	m := &k.state.Members[0]
	average, err := optim.SWA{}.New(m.Net)
	require.NoError(t, err)
	m.Average = average
	path := filepath.Join(t.TempDir(), "checkpoint.safetensors")
	require.NoError(t, k.state.Save(path))
	require.NoError(t, average.With(func() error {
		assert.ErrorIs(t, k.state.Save(path), optim.ErrInUse)
		before := append([]float32(nil), m.Net.Weights()...)
		m.Net.Weights()[0]++
		assert.ErrorIs(t, k.state.Load(path), optim.ErrInUse)
		assert.Equal(t, before[0]+1, m.Net.Weights()[0], "nothing is loaded")
		m.Net.Weights()[0]--
		return nil
	}))
	assert.NoError(t, k.state.Load(path))
}
