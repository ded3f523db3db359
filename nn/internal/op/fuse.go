package op

import (
	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// post is what an operation does to its result, given an activation to add.
func post(has, more ops.Activation) (ops.Activation, bool) {
	return more, has.Kind == ops.Identity
}

// WithPost implements ir.Fusable.
func (c Conv) WithPost(a ops.Activation) (fused ir.Op, ok bool) {
	c.Post, ok = post(c.Post, a)
	return c, ok
}

// WithPost implements ir.Fusable.
func (d Deconv) WithPost(a ops.Activation) (fused ir.Op, ok bool) {
	d.Post, ok = post(d.Post, a)
	return d, ok
}

// WithPost implements ir.Fusable.
func (d Dense) WithPost(a ops.Activation) (fused ir.Op, ok bool) {
	d.Post, ok = post(d.Post, a)
	return d, ok
}

// WithPost implements ir.Fusable.
func (b BatchNormTraining) WithPost(a ops.Activation) (fused ir.Op, ok bool) {
	b.Post, ok = post(b.Post, a)
	return b, ok
}

// WithPost implements ir.Fusable.
func (b BatchNormInference) WithPost(a ops.Activation) (fused ir.Op, ok bool) {
	b.Post, ok = post(b.Post, a)
	return b, ok
}
