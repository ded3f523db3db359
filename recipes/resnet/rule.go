package main

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/optim"
)

// ruleFlags are the flags that decide how weights are updated. Rates and weight decay are
// those of the plan.
type ruleFlags struct {
	optimizer string
	noDecay   string
	ema       float64
}

func (r *ruleFlags) flags(fs *cli.FlagSet) {
	fs.StringVar(&r.optimizer, "optimizer", "", "`NAME` of the rule: sgd with momentum, nesterov, lars or lamb; the usual is nesterov for small images, sgd for others")
	fs.StringVar(&r.noDecay, "no-decay", "", "`WHAT` weight decay leaves alone: nothing, norm (gamma and beta), or vectors (biases too); the usual is vectors for small images, norm for others")
	fs.Float64Var(&r.ema, "ema", 0, "`DECAY` of a running average of the weights, such as 0.999, which is tested at the end beside the members; 0 is none")
}

// exceptions are the choices of --no-decay.
var exceptions = map[string]func(nn.Param) bool{
	"nothing": nil,
	"norm":    optim.Named("gamma", "beta"),
	"vectors": optim.Vectors,
}

// check finds what is wrong in itself. Errors: cli.ErrUsage.
func (r *ruleFlags) check() error {
	_, known := exceptions[r.noDecay]
	var err error
	switch {
	case !slices.Contains([]string{"", "sgd", "nesterov", "lars", "lamb"}, r.optimizer):
		err = fmt.Errorf("--optimizer %s: the rules are sgd, nesterov, lars, lamb", r.optimizer)
	case r.noDecay != "" && !known:
		err = fmt.Errorf("--no-decay %s: it is nothing, norm or vectors", r.noDecay)
	case !(r.ema >= 0 && r.ema < 1):
		err = fmt.Errorf("--ema %g: a number from 0 to less than 1 is expected", r.ema)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", cli.ErrUsage, err)
	}
	return nil
}

// settle fills in what is usual.
func (r *ruleFlags) settle(u usual) {
	r.optimizer, r.noDecay = cmp.Or(r.optimizer, u.optimizer), cmp.Or(r.noDecay, u.noDecay)
}

// make ties the rule to a net.
func (r *ruleFlags) make(net *nn.Net, accumulate int) (*optim.Optimizer, error) {
	o := optim.Options{NoDecay: exceptions[r.noDecay], Accumulate: accumulate}
	const momentum = 0.9 // there is one: the plan sets it
	switch r.optimizer {
	case "lars":
		return optim.LARS{Momentum: momentum, Options: o}.New(net)
	case "lamb":
		return optim.LAMB{Options: o}.New(net)
	}
	return optim.SGD{Momentum: momentum, Nesterov: r.optimizer == "nesterov", Options: o}.New(net)
}

// average is the running average that --ema asks for, or the mean that a plan does; nil
// for neither.
func (r *ruleFlags) average(net *nn.Net, planned bool) (*optim.Average, error) {
	switch {
	case planned && r.ema > 0:
		return nil, fmt.Errorf("%w: --ema %g: the plan averages weights itself", cli.ErrUsage, r.ema)
	case planned:
		return optim.SWA{}.New(net)
	case r.ema > 0:
		return optim.EMA{Decay: r.ema, Warmup: true}.New(net)
	}
	return nil, nil
}

// String names everything that makes the rule what it is.
func (r *ruleFlags) String() string {
	s := r.optimizer + ", no decay of " + r.noDecay
	if r.ema > 0 {
		s += fmt.Sprintf(", EMA %g", r.ema)
	}
	return s
}
