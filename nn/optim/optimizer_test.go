package optim

import (
	"math"
	"slices"
	"testing"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/ops"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSameBitsForAnyNumberOfWorkers(t *testing.T) {
	for _, tt := range subjects(5*blockSize + 100) {
		t.Run(tt.name, func(t *testing.T) {
			var want []float32
			for _, workers := range []int{1, 2, 3, 7} {
				pool := ops.NewPool(workers)
				p, f := tt.fresh()
				o := made(t, tt.rule, p)
				o.use(pool)
				run(o, p, 3)
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
	for _, tt := range subjects(3 * blockSize) {
		t.Run(tt.name, func(t *testing.T) {
			p, _ := tt.fresh()
			o := made(t, tt.rule, p)
			pool := ops.NewPool(2)
			defer pool.Close()
			o.use(pool)
			assert.Zero(t, testing.AllocsPerRun(10, o.Step))
		})
	}
}

// TestStepLeavesGradientsAlone: who looks at them after a step sees what the program left.
func TestStepLeavesGradientsAlone(t *testing.T) {
	for _, tt := range subjects(100) {
		t.Run(tt.name, func(t *testing.T) {
			p, f := tt.fresh()
			o := made(t, tt.rule, p)
			p.draw(1)
			want := slices.Clone(f.gradients)
			for range 3 {
				o.Step()
			}
			assert.True(t, slices.Equal(want, f.gradients))
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
	for name, rule := range layerRules {
		t.Run(name, func(t *testing.T) {
			n := layered()
			run(made(t, rule, n), n, 4)
			for _, p := range n.params {
				clear(p.Data)
			}
			for i, w := range n.weights {
				require.Zero(t, w, "element %d, between tensors", i)
			}
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
		"lars":    {LARS{}, LARS{LR: 1, Momentum: 0.9, WeightDecay: 1e-4, Trust: 1e-3, Eps: 1e-8}},
		"lamb":    {LAMB{}, LAMB{LR: 1e-3, Beta1: 0.9, Beta2: 0.999, Eps: 1e-6, WeightDecay: 1e-2}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			a, b := layered(), layered()
			run(made(t, tt.zero, a), a, 5)
			run(made(t, tt.explicit, b), b, 5)
			assert.True(t, slices.Equal(a.weights, b.weights))
			assert.NotEqual(t, a.weights[:9], layered().weights[:9])
		})
	}
}

// TestRestore: interrupted anywhere, also between the batches of one update, a run ends
// in the same bits.
func TestRestore(t *testing.T) {
	for _, tt := range subjects(200) {
		t.Run(tt.name, func(t *testing.T) {
			p, unbroken := tt.fresh()
			run(made(t, tt.rule, p), p, 9)
			for _, cut := range []int{0, 1, 5} {
				p, f := tt.fresh()
				first := made(t, tt.rule, p)
				run(first, p, cut)
				second := made(t, tt.rule, p)
				state := first.State()
				slices.Reverse(state)
				require.NoError(t, second.Restore(state, first.Steps()))
				for _, slot := range state {
					fill(slot.Data, 9) // a copy was taken
				}
				run(second, p, 9-cut)
				assert.True(t, slices.Equal(unbroken.weights, f.weights), "cut after %d", cut)
			}
		})
	}
}

func TestResetStartsAnew(t *testing.T) {
	for _, tt := range subjects(200) {
		t.Run(tt.name, func(t *testing.T) {
			p, f := tt.fresh()
			start := slices.Clone(f.weights)
			o := made(t, tt.rule, p)
			run(o, p, 7)
			first := slices.Clone(f.weights)
			o.Reset()
			assert.Zero(t, o.Steps())
			copy(f.weights, start)
			run(o, p, 7)
			assert.True(t, slices.Equal(first, f.weights))
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
		"of another network": {[]Slot{good()[0], {"exp_avg_sq", make([]float32, 9)}}, 1, `"exp_avg_sq": it has 9 elements and there must be 8`},
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
		"clipping at less than 0":   {Adam{Options: Options{ClipNorm: -2}}, "Adam.ClipNorm is -2: a finite number from 0 on"},
		"clipping at NaN":           {LARS{Options: Options{ClipValue: nan}}, "LARS.ClipValue is NaN"},
		"clipping twice":            {SGD{Options: Options{ClipNorm: 1, ClipValue: 2}}, "SGD.ClipValue is 2: with ClipNorm, 0 is expected"},
		"accumulating -1":           {LAMB{Options: Options{Accumulate: -1}}, "LAMB.Accumulate is -1: a number from 0 on"},
		"no trust":                  {LARS{Trust: Off}, "LARS.Trust is -1: more than 0"},
		"lars, nesterov alone":      {LARS{Momentum: Off, Nesterov: true}, "LARS.Momentum is -1: with Nesterov, more than 0"},
		"lamb with a beta of 2":     {LAMB{Beta1: 2}, "LAMB.Beta1 is 2"},
		"lars without tensors":      {LARS{}, "optim: LARS: a list of the tensors is needed, and *optim.flat has none"},
		"decay without tensors":     {AdamW{Options: Options{NoDecay: Vectors}}, "optim: AdamW: a list of the tensors is needed"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			o, err := tt.rule.New(random(3))
			assert.Nil(t, o)
			assert.ErrorContains(t, err, tt.message)
		})
	}
	for name, params := range map[string][]nn.Param{
		"none of 0 tensors":                {},
		"none of 1 tensors begins":         {{Path: "a", Offset: 16, Data: make([]float32, 16), Grad: make([]float32, 16)}},
		`tensor "a" has elements 0 to 33`:  {{Path: "a", Data: make([]float32, 33), Grad: make([]float32, 33)}},
		`tensor "a" has elements 16 to 32`: {{Path: "a", Offset: 16, Data: make([]float32, 16), Grad: make([]float32, 16)}, {Path: "b", Offset: 24, Data: make([]float32, 8), Grad: make([]float32, 8)}},
		`tensor "a" has elements -16 to 0`: {{Path: "a", Offset: -16, Data: make([]float32, 16), Grad: make([]float32, 16)}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := LARS{}.New(&network{*random(32), params})
			assert.ErrorContains(t, err, "optim: LARS: "+name)
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
