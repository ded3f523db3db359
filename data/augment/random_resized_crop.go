package augment

import (
	"fmt"

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
	area, aspect := t.spans()
	if !(area.From > 0 && area.From <= area.To && area.To <= 1) || !(aspect.From > 0 && aspect.From <= aspect.To && aspect.To <= 1e6) {
		return nil, wrap("RandomResizedCrop", fmt.Errorf("%w: areas in %v, aspects in %v", source.ErrRange, t.Area, t.Aspect))
	}
	out, err := scaled(in, t.Field, t.Height, t.Width)
	if err != nil {
		return nil, wrap("RandomResizedCrop", err)
	}
	return out, nil
}

func (t RandomResizedCrop) spans() (area, aspect resample.Span) {
	area, aspect = resample.Published()
	if t.Area != [2]float64{} {
		area = resample.Span{From: t.Area[0], To: t.Area[1]}
	}
	if t.Aspect != [2]float64{} {
		aspect = resample.Span{From: t.Aspect[0], To: t.Aspect[1]}
	}
	return area, aspect
}

// Apply implements data.Transform.
func (t RandomResizedCrop) Apply(dst, src *data.Row) error {
	f := fieldOf(src, t.Field)
	height, width := plane(f)
	area, aspect := t.spans()
	scale(dst, src, f, resample.RandomBox(src.Rand(), height, width, area, aspect))
	return nil
}
