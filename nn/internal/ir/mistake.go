package ir

import "github.com/cascade-hpc/cascade/ops"

// Mistake stands for an operation that cannot be, because a setting of it is
// wrong: applied to a graph it goes on the list of mistakes with the place where
// the setting was made.
type Mistake struct {
	Setter string
	Err    error
	Site   Site
}

// Kind is the setter.
func (m Mistake) Kind() string { return m.Setter }

// Infer returns the mistake.
func (m Mistake) Infer([]Type) ([]Type, error) { return nil, m.Err }

// Lower returns the mistake.
func (m Mistake) Lower(*Lowering) (ops.Primitive, error) { return nil, m.Err }
