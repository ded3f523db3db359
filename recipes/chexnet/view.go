package main

import (
	"fmt"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/augment"
	"github.com/cascade-hpc/cascade/data/images"
	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/recipes/chexnet/nih"
)

// A radiograph has the same number in each channel, and its channels are scaled apart all
// the same: that is what the weights of a network trained on ImageNet expect.
var normalize = augment.ImageNet(nih.ImageField, 3)

// trainingView is how images are seen in training: the whole image in CheXNet, or a random
// box of at least a share of it, and either mirrored or not.
func (a architecture) trainingView(p data.Pipeline, least float64) data.Pipeline {
	v := images.View{Field: nih.ImageField, Height: a.side, Width: a.side}
	if least < 1 {
		v.Random, v.Area = true, [2]float64{least, 1}
	}
	return p.Map(v, 0).Map(augment.Flip{Field: nih.ImageField}, 0).Map(normalize, 0)
}

// view is how an image is seen in a test.
type view func(a architecture, p data.Pipeline) data.Pipeline

// wholeImage is what training sees on average.
func wholeImage(a architecture, p data.Pipeline) data.Pipeline {
	return p.Map(images.View{Field: nih.ImageField, Height: a.side, Width: a.side}, 0).Map(normalize, 0)
}

// tenCrops are the middle and the four corners of an image that is larger by 256/224, and
// the same mirrored (Krizhevsky et al., NIPS 2012, section 4.1).
func tenCrops() []view {
	var views []view
	for _, place := range [][2]float64{{.5, .5}, {0, 0}, {0, 1}, {1, 0}, {1, 1}} {
		for _, mirrored := range []bool{false, true} {
			views = append(views, func(a architecture, p data.Pipeline) data.Pipeline {
				larger := a.side * 256 / 224
				p = p.Map(images.View{Field: nih.ImageField, Height: larger, Width: larger}, 0).
					Map(window{nih.ImageField, a.side, place[0], place[1]}, 0)
				if mirrored {
					p = p.Map(augment.Flip{Field: nih.ImageField, P: 1}, 0)
				}
				return p.Map(normalize, 0)
			})
		}
	}
	return views
}

// window cuts a square out of images of uint8 (C, H, W), whose corner lies at a share,
// from 0 to 1, of the places that it can have along each axis.
type window struct {
	field         string
	side          int
	down, towards float64
}

// Fields implements data.Transform.
func (w window) Fields(in []source.Field) ([]source.Field, error) {
	i, err := source.Find(in, w.field)
	if err != nil {
		return nil, err
	}
	if f := in[i]; f.Kind != source.Uint8 || len(f.Shape) != 3 || f.Shape[1] < w.side || f.Shape[2] < w.side {
		return nil, fmt.Errorf("window: %v: %w: it must be uint8 (C, H, W) of at least %d x %d", f, source.ErrShape, w.side, w.side)
	}
	out := append([]source.Field(nil), in...)
	out[i].Shape = []int{in[i].Shape[0], w.side, w.side}
	return out, nil
}

// Apply implements data.Transform.
func (w window) Apply(dst, src *data.Row) error {
	i, err := source.Find(src.Fields(), w.field)
	if err != nil {
		return err
	}
	shape := src.Fields()[i].Shape
	height, width := shape[1], shape[2]
	first, left := int(w.down*float64(height-w.side)), int(w.towards*float64(width-w.side))
	from, to := src.Uint8(w.field), dst.Uint8(w.field)
	for c := range shape[0] {
		for y := range w.side {
			copy(to[(c*w.side+y)*w.side:][:w.side], from[(c*height+first+y)*width+left:])
		}
	}
	return nil
}
