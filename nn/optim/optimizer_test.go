package optim

import (
	"math"
	"slices"
	"testing"

	"github.com/cascade-hpc/cascade/ops"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSameBitsForAnyNumberOfWorkers(t *testing.T) {
	for name, rule := range rules {
		t.Run(name, func(t *testing.T) {
			var want []float32
			for _, workers := range []int{1, 2, 3, 7} {
				pool := ops.NewPool(workers)
				f := random(5*blockSize + 100)
				o := made(t, rule, f)
				o.pool = pool
				run(o, f, 3)
				pool.Close()
				if want == nil {
					want = f.weights
				}
				assert.True(t, slices.Equal(want, f.weights), "%d workers", workers)
			}
		})
	}
}

func TestStepDoesNotAllocate(t *testing.T) {
	for name, rule := range rules {
		t.Run(name, func(t *testing.T) {
			f := random(3 * blockSize)
			o := made(t, rule, f)
			pool := ops.NewPool(2)
			defer pool.Close()
			o.pool = pool
			assert.Zero(t, testing.AllocsPerRun(10, o.Step))
		})
	}
}

// TestPaddingStaysZero: where weight and gradient are zero, nothing appears.
func TestPaddingStaysZero(t *testing.T) {
	for name, rule := range rules {
		t.Run(name, func(t *testing.T) {
			f := &flat{make([]float32, 32), make([]float32, 32)}
			o := made(t, rule, f)
			for range 20 {
				o.Step()
			}
			assert.Equal(t, make([]float32, 32), f.weights)
		})
	}
}

// TestDefaults holds zero settings to PyTorch's defaults, written out.
func TestDefaults(t *testing.T) {
	tests := map[string]struct{ zero, explicit maker }{
		"sgd":     {SGD{}, SGD{LR: 1e-3, Momentum: Off, Dampening: Off, WeightDecay: Off}},
		"rmsprop": {RMSprop{}, RMSprop{LR: 1e-2, Rho: 0.99, Eps: 1e-8, Momentum: Off, WeightDecay: Off}},
		"adam":    {Adam{}, Adam{LR: 1e-3, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, WeightDecay: Off}},
		"adamw":   {AdamW{}, AdamW{LR: 1e-3, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, WeightDecay: 1e-2}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			a, b := random(100), random(100)
			run(made(t, tt.zero, a), a, 5)
			run(made(t, tt.explicit, b), b, 5)
			assert.Equal(t, a.weights, b.weights)
			assert.NotEqual(t, a.weights, random(100).weights)
		})
	}
}

func TestSetLR(t *testing.T) {
	f := random(4)
	o := made(t, SGD{LR: 0.5}, f)
	assert.Equal(t, 0.5, o.LR())
	o.SetLR(0)
	run(o, f, 1)
	assert.Equal(t, random(4).weights, f.weights)
	o.SetLR(2)
	assert.Equal(t, 2.0, o.LR())
	want := f.weights[3]
	run(o, f, 1)
	assert.Equal(t, want-2*f.gradients[3], f.weights[3])
	assert.Equal(t, int64(2), o.Steps())
}

// TestRestore: interrupted anywhere, a run ends in the same bits.
func TestRestore(t *testing.T) {
	for name, rule := range rules {
		t.Run(name, func(t *testing.T) {
			unbroken := random(200)
			run(made(t, rule, unbroken), unbroken, 9)
			for _, cut := range []int{0, 1, 5} {
				f := random(200)
				first := made(t, rule, f)
				run(first, f, cut)
				second := made(t, rule, f)
				state := first.State()
				slices.Reverse(state)
				require.NoError(t, second.Restore(state, first.Steps()))
				for _, slot := range state {
					fill(slot.Data, 9) // a copy was taken
				}
				run(second, f, 9-cut)
				assert.Equal(t, unbroken.weights, f.weights, "cut after %d", cut)
			}
		})
	}
}

func TestRestoreRefuses(t *testing.T) {
	f := random(8)
	good := func() []Slot {
		return []Slot{{"exp_avg", make([]float32, 8)}, {"exp_avg_sq", make([]float32, 8)}}
	}
	tests := map[string]struct {
		state   []Slot
		steps   int64
		message string
	}{
		"slot missing":       {good()[:1], 1, `1 slots ["exp_avg"]: ["exp_avg" "exp_avg_sq"] are expected`},
		"no slots":           {nil, 1, "0 slots"},
		"slot too many":      {append(good(), Slot{"more", nil}), 1, "3 slots"},
		"slot twice":         {[]Slot{good()[0], good()[0]}, 1, "2 slots"},
		"of another rule":    {[]Slot{good()[0], {"square_avg", make([]float32, 8)}}, 1, `"exp_avg_sq" is missing`},
		"of another network": {[]Slot{good()[0], {"exp_avg_sq", make([]float32, 9)}}, 1, `"exp_avg_sq": it has 9 elements and there are 8`},
		"negative steps":     {good(), -1, "after -1 steps"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			o := made(t, Adam{}, f)
			run(o, f, 2)
			before := slices.Clone(o.State()[0].Data)
			assert.ErrorContains(t, o.Restore(tt.state, tt.steps), tt.message)
			assert.Equal(t, before, o.State()[0].Data, "nothing is changed")
			assert.Equal(t, int64(2), o.Steps())
		})
	}
}

func TestNewRefuses(t *testing.T) {
	nan := math.NaN()
	tests := map[string]struct {
		rule    maker
		message string
	}{
		"negative rate":             {SGD{LR: -0.1}, "optim: SGD.LR is -0.1: a finite number from 0 on is expected"},
		"rate that is no number":    {Adam{LR: nan}, "Adam.LR is NaN"},
		"infinite rate":             {AdamW{LR: math.Inf(1)}, "AdamW.LR is +Inf"},
		"momentum of 1":             {SGD{Momentum: 1}, "SGD.Momentum is 1: a number from 0 to less than 1"},
		"dampening above 1":         {SGD{Momentum: 0.9, Dampening: 1.5}, "SGD.Dampening is 1.5"},
		"nesterov without momentum": {SGD{Nesterov: true}, "SGD.Momentum is 0: with Nesterov, more than 0"},
		"nesterov with dampening":   {SGD{Nesterov: true, Momentum: 0.9, Dampening: 0.1}, "SGD.Dampening is 0.1: with Nesterov, 0"},
		"negative decay":            {RMSprop{WeightDecay: -0.5}, "RMSprop.WeightDecay is -0.5"},
		"rho of NaN":                {RMSprop{Rho: nan}, "RMSprop.Rho is NaN"},
		"no eps":                    {RMSprop{Eps: Off}, "RMSprop.Eps is -1: more than 0"},
		"eps that rounds to 0":      {Adam{Eps: 1e-60}, "Adam.Eps is 1e-60: more than 0"},
		"beta of 1":                 {Adam{Beta2: 1}, "Adam.Beta2 is 1"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			o, err := tt.rule.New(random(3))
			assert.Nil(t, o)
			assert.ErrorContains(t, err, tt.message)
		})
	}
	for name, p := range map[string]*flat{
		"no parameters":   {},
		"gradients short": {make([]float32, 16), make([]float32, 8)},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Adam{}.New(p)
			assert.ErrorContains(t, err, "there must be as many, and at least one")
		})
	}
}
