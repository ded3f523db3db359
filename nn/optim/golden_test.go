package optim

import (
	"testing"

	"github.com/cascade-hpc/cascade/internal/golden"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// off turns PyTorch's explicit zero into ours.
func off(x float64) float64 {
	if x == 0 {
		return Off
	}
	return x
}

func torchSGD(c *golden.Case) maker {
	return SGD{
		LR: c.Float("lr"), Momentum: c.Float("momentum"), Dampening: c.Float("dampening"),
		Nesterov: c.Bool("nesterov"), WeightDecay: c.Float("weight_decay"),
	}
}

func torchRMSprop(c *golden.Case) maker {
	return RMSprop{
		LR: c.Float("lr"), Rho: c.Float("alpha"), Eps: c.Float("eps"),
		Momentum: c.Float("momentum"), WeightDecay: c.Float("weight_decay"),
	}
}

func torchAdam(c *golden.Case) maker {
	beta1, beta2 := betas(c)
	return Adam{LR: c.Float("lr"), Beta1: beta1, Beta2: beta2, Eps: c.Float("eps"), WeightDecay: c.Float("weight_decay")}
}

func torchAdamW(c *golden.Case) maker {
	beta1, beta2 := betas(c)
	return AdamW{LR: c.Float("lr"), Beta1: beta1, Beta2: beta2, Eps: c.Float("eps"), WeightDecay: off(c.Float("weight_decay"))}
}

func betas(c *golden.Case) (float64, float64) {
	b := c.Attr["betas"].([]any)
	return off(b[0].(float64)), off(b[1].(float64))
}

// TestPyTorch compares the parameters after each step with PyTorch's.
func TestPyTorch(t *testing.T) {
	tests := map[string]func(*golden.Case) maker{
		"opt_sgd":             torchSGD,
		"opt_sgd_momentum_wd": torchSGD,
		"opt_sgd_nesterov":    torchSGD,
		"opt_rmsprop":         torchRMSprop,
		"opt_adam":            torchAdam,
		"opt_adamw":           torchAdamW,
	}
	for name, rule := range tests {
		t.Run(name, func(t *testing.T) {
			c := golden.Load(t, name)
			gradients, want := c.F32("grad"), c.F32("param")
			f := &flat{weights: c.F32("p0")}
			n := len(f.weights)
			f.gradients = make([]float32, n)
			o := made(t, rule(c), f)
			require.Equal(t, []int{5, n}, c.Shape("param"))
			for step := range 5 {
				copy(f.gradients, gradients[step*n:])
				o.Step()
				assert.True(t, golden.Close(t, want[step*n:(step+1)*n], f.weights, 1e-6), "step %d", step+1)
			}
		})
	}
}
