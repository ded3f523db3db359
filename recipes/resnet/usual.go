package main

import (
	"github.com/cascade-hpc/cascade/nn/schedule"
	"github.com/cascade-hpc/cascade/recipes/resnet/dataset"
)

// usual is what a training takes that the flags do not say.
type usual struct {
	batch       int
	epochs      float64 // 0 is what the plan has
	weightDecay float64 // 0 is what the plan has
	members     int     // 0 is what the plan has
	fall        float64 // of the peaks of cycles; 0 is what the plan has
	optimizer   string
	noDecay     string
	rate        float64 // of the learning rate for a batch of reference images; 0 is the plan's
	reference   int
}

// usualFor is for images of some 32 x 32 pixels what docs/ENSEMBLES.md was measured with,
// and else what was published for ImageNet.
func usualFor(s *dataset.Set) usual {
	if s.View {
		return usual{batch: 32, optimizer: "sgd", noDecay: "norm"}
	}
	return usual{
		batch: 128, epochs: 40, weightDecay: 5e-4, members: 5, fall: 1, optimizer: "nesterov", noDecay: "vectors",
		rate: 0.2, reference: 128,
	}
}

// peak is the highest learning rate of a plan for a number of images in an update, by the
// linear scaling rule.
func (u usual) peak(c course, images int) float64 {
	if u.rate > 0 && !c.finetunes {
		return schedule.ScaleLinearly(u.rate, u.reference, images)
	}
	return schedule.ScaleLinearly(c.peak, c.batch, images)
}
