package augment

import (
	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/internal/resample"
	"github.com/cascade-hpc/cascade/data/source"
)

// RandomResizedCrop cuts a random box out of the last two axes of a field and
// scales it to Height x Width, as Resize does: the augmentation that networks for
// ImageNet are trained with (Szegedy et al., "Going deeper with convolutions",
// CVPR 2015, section 6). It takes float32 and uint8.
type RandomResizedCrop struct {
	Field         string
	Height, Width int
	// Area bounds the box's share of the image, in which it is uniform. The zero
	// value is the published [0.08, 1].
	Area [2]float64
	// Aspect bounds width/height of the box; its logarithm is uniform. The zero value is
	// the published [3/4, 4/3]. A box that does not fit is drawn again, ten times at
	// most; then it is the largest allowed one in the middle.
	Aspect [2]float64
}

// Fields implements data.Transform. Errors: source.ErrMissing, source.ErrType,
// source.ErrShape, source.ErrRange.
func (t RandomResizedCrop) Fields(in []source.Field) ([]source.Field, error) {
	if _, _, err := resample.Spans(t.Area, t.Aspect); err != nil {
		return nil, wrap("RandomResizedCrop", err)
	}
	out, err := scaled(in, t.Field, t.Height, t.Width)
	if err != nil {
		return nil, wrap("RandomResizedCrop", err)
	}
	return out, nil
}

// Apply implements data.Transform.
func (t RandomResizedCrop) Apply(dst, src *data.Row) error {
	f := fieldOf(src, t.Field)
	height, width := plane(f)
	area, aspect, err := resample.Spans(t.Area, t.Aspect)
	if err != nil {
		return wrap("RandomResizedCrop", err)
	}
	scale(dst, src, f, resample.RandomBox(src.Rand(), height, width, area, aspect))
	return nil
}
