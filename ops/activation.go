package ops

import "fmt"

// ActivationKind names an elementwise non-linearity.
type ActivationKind uint8

// The activations, with their formulas. Those up to Sigmoid have a derivative
// that is a function of their result alone; primitives can therefore apply them
// in place, as a post-op, in training too.
const (
	Identity  ActivationKind = iota // x
	ReLU                            // max(x, 0)
	LeakyReLU                       // x > 0 ? x : Alpha·x, Alpha ≥ 0
	ELU                             // x > 0 ? x : Alpha·(eˣ − 1), Alpha ≥ 0 (Clevert et al. 2015)
	Tanh                            // tanh x
	Sigmoid                         // 1 / (1 + e⁻ˣ)
	Softplus                        // ln(1 + eˣ)
	SiLU                            // x · sigmoid(x) (Ramachandran et al. 2017)
	GELU                            // x · Φ(x), Φ the normal distribution function (Hendrycks & Gimpel 2016)
)

var activationNames = [...]string{"identity", "relu", "leaky_relu", "elu", "tanh", "sigmoid", "softplus", "silu", "gelu"}

// String returns the name used in logs.
func (k ActivationKind) String() string {
	if int(k) < len(activationNames) {
		return activationNames[k]
	}
	return fmt.Sprintf("ActivationKind(%d)", uint8(k))
}

// Activation is an elementwise non-linearity with its parameter.
type Activation struct {
	Kind  ActivationKind
	Alpha float32 // slope of LeakyReLU, scale of ELU; otherwise unused
}

// FromDst says that the derivative can be had from the result alone.
func (a Activation) FromDst() bool { return a.Kind <= Sigmoid }

// keepsZero says that the activation of 0 is 0.
func (a Activation) keepsZero() bool { return a.Kind != Sigmoid && a.Kind != Softplus }

func (a Activation) validate() error {
	switch {
	case int(a.Kind) >= len(activationNames):
		return fmt.Errorf("ops: %w: unknown activation %d", ErrDescriptor, a.Kind)
	case (a.Kind == LeakyReLU || a.Kind == ELU) && !(a.Alpha >= 0):
		return fmt.Errorf("ops: %w: %s with alpha %g: it must not be negative", ErrDescriptor, a.Kind, a.Alpha)
	}
	return nil
}
