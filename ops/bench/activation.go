package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/cascade-hpc/cascade/ops"
)

// activations are benchdnn's names of what package ops has. Where alpha is a factor
// that ops leaves out it has to be 1.
var activations = map[string]ops.ActivationKind{
	"relu": ops.ReLU, "elu": ops.ELU, "tanh": ops.Tanh, "logistic": ops.Sigmoid,
	"soft_relu": ops.Softplus, "swish": ops.SiLU, "gelu_erf": ops.GELU,
}

// activationNames are the keys in the order of the help.
var activationNames = []string{"relu", "elu", "tanh", "logistic", "soft_relu", "swish", "gelu_erf"}

// activation is the one of the name, with alpha as benchdnn means it: the slope of
// relu, the scale of elu, and 1 by default for all but relu.
func activation(name, alpha string) (ops.Activation, error) {
	name = strings.TrimPrefix(strings.ToLower(name), "eltwise_")
	kind, ok := activations[name]
	if !ok {
		return ops.Activation{}, fmt.Errorf("algorithm %q: there are %s", name, strings.Join(activationNames, ", "))
	}
	a := ops.Activation{Kind: kind}
	slope := 1.0
	if kind == ops.ReLU {
		slope = 0
	}
	if alpha != "" {
		var err error
		if slope, err = strconv.ParseFloat(alpha, 32); err != nil || !(slope >= 0) {
			return a, fmt.Errorf("alpha %q of %s: a number that is not negative is needed", alpha, name)
		}
	}
	switch {
	case kind == ops.ReLU && slope != 0:
		a = ops.Activation{Kind: ops.LeakyReLU, Alpha: float32(slope)}
	case kind == ops.ELU:
		a.Alpha = float32(slope)
	case (kind == ops.Softplus || kind == ops.SiLU) && slope != 1:
		return a, fmt.Errorf("alpha %g of %s: there is a primitive for 1 only", slope, name)
	}
	return a, nil
}

// parseActivation reads a post-op, NAME or NAME:ALPHA; "" is none.
func parseActivation(text string) (ops.Activation, error) {
	if text == "" {
		return ops.Activation{}, nil
	}
	name, alpha, _ := strings.Cut(text, ":")
	return activation(name, alpha)
}

var postChoice = choice{"attr-post-ops", "", func(s string) error {
	_, err := parseActivation(s)
	return err
}}

// toleranceOf is how far results may differ that went through the activation.
func toleranceOf(a ops.Activation) (float64, string) {
	switch a.Kind {
	case ops.Identity, ops.ReLU, ops.LeakyReLU:
		return 0, ""
	}
	return 4e-6, "kernels approximate " + a.Kind.String() + " each in its way"
}
