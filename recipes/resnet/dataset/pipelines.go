package dataset

import (
	"cmp"
	"fmt"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/augment"
	"github.com/cascade-hpc/cascade/data/images"
	"github.com/cascade-hpc/cascade/nn/plan"
)

// Augmentation is what is done to images while a network is trained on them. The zero
// value is the usual.
type Augmentation struct {
	Pad    int     // zeros on each side of an array before it is cut at random; 0 is 2, Off is none
	Area   float64 // the least share of an array that plan.Full scales up; 0 is 0.75
	Upward bool    // images are not mirrored: digits and letters are not
}

// Off asks for none of something whose zero value is the usual.
const Off = -1

const (
	usualPad  = 2
	usualArea = 0.75
)

func (a Augmentation) pad() int { return max(cmp.Or(a.Pad, usualPad), 0) }

// String says what is done to arrays, and whether images are mirrored.
func (a Augmentation) String() string {
	s := fmt.Sprintf("pad %d, area %g", a.pad(), cmp.Or(a.Area, usualArea))
	if !a.Upward {
		s += ", mirrored"
	}
	return s
}

// Training is the pipeline of the images to train on: pixels and labels as float32. A
// level that is none of package plan's is plan.None.
func (s *Set) Training(level plan.Augment) data.Pipeline {
	p := s.train.pipeline()
	switch {
	case level != plan.Full && level != plan.NoScale:
		p = s.centred(s.train, p)
	case s.View:
		p = s.views(p, level)
	default:
		p = s.moved(s.train.channelsFirst(p), level)
	}
	if (level == plan.Full || level == plan.NoScale) && !s.Upward {
		p = p.Map(augment.Flip{Field: s.train.image}, 0)
	}
	return s.normalised(s.train, p)
}

// Testing is the pipeline of the images to test with, in their order.
func (s *Set) Testing() data.Pipeline {
	return s.normalised(s.test, s.centred(s.test, s.test.pipeline()))
}

// Batch are pixels and labels of a batch of Training.
func (s *Set) Batch(b *data.Batch) (pixels, labels []float32) { return s.train.batch(b) }

// TestBatch are pixels and labels of a batch of Testing.
func (s *Set) TestBatch(b *data.Batch) (pixels, labels []float32) { return s.test.batch(b) }

func (p *part) batch(b *data.Batch) (pixels, labels []float32) {
	return b.Float32(p.image), b.Float32(p.label)
}

// centred are images as they are tested with.
func (s *Set) centred(from *part, p data.Pipeline) data.Pipeline {
	if !s.View {
		return from.channelsFirst(p)
	}
	return p.Map(images.View{Field: from.image, Height: s.Height, Width: s.Width, Short: s.short(), Grey: s.grey()}, 0)
}

// views are random ones of large images.
func (s *Set) views(p data.Pipeline, level plan.Augment) data.Pipeline {
	field := s.train.image
	if level == plan.Full {
		return p.Map(images.View{Field: field, Height: s.Height, Width: s.Width, Grey: s.grey(), Random: true}, 0)
	}
	side := s.short()
	return p.Map(images.View{Field: field, Height: side, Width: side, Short: side, Grey: s.grey()}, 0).
		Map(augment.Crop{Field: field, Size: []int{s.Height, s.Width}}, 0)
}

// moved are arrays, scaled and cut at random.
func (s *Set) moved(p data.Pipeline, level plan.Augment) data.Pipeline {
	field := s.train.image
	if area := cmp.Or(s.Area, usualArea); level == plan.Full && area < 1 {
		p = p.Map(augment.RandomResizedCrop{Field: field, Height: s.Height, Width: s.Width, Area: [2]float64{area, 1}}, 0)
	}
	return p.Map(augment.Crop{Field: field, Size: []int{s.Height, s.Width}, Pad: s.pad()}, 0)
}

func (s *Set) normalised(of *part, p data.Pipeline) data.Pipeline {
	return p.Map(augment.Normalize{Field: of.image, Mean: s.Mean, Std: s.Std}, 0).Skip(s.skip)
}

func (s *Set) grey() bool { return s.Channels == 1 }

// channelsFirst brings arrays into the order of networks.
func (p *part) channelsFirst(l data.Pipeline) data.Pipeline {
	if p.layout.last && !p.layout.file {
		return l.Map(images.FromNHWC(p.image), 0)
	}
	return l
}
