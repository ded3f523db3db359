package images

import (
	"fmt"
	"math"
	"slices"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/augment"
	"github.com/cascade-hpc/cascade/data/internal/resample"
	"github.com/cascade-hpc/cascade/data/source"
)

// View makes of each image bytes of the shape (3, Height, Width), red, green and
// blue, or (1, Height, Width) if Grey: a box of the image, scaled bilinearly as by
// augment.Resize. The image is a field of
//
//   - source.Bytes, a JPEG or PNG file: of any size, grey, in colour or CMYK;
//     transparency is dropped;
//   - uint8 (H, W), (H, W, C) or (C, H, W), with C 1 or 3.
//
// Its draws and its choice of box are the same for either.
type View struct {
	Field         string
	Height, Width int
	Grey          bool // one channel, 0.299·R + 0.587·G + 0.114·B

	// Random takes the box that augment.RandomResizedCrop would, for training. Area
	// and Aspect are its.
	Random       bool
	Area, Aspect [2]float64

	// Short is for the box in the middle, without Random: the length that the image's
	// short side would have at the scale of the view. 256 is usual for 224 x 224. 0 is
	// the largest box of the view's aspect.
	Short int
}

// Fields implements data.Transform. Errors: source.ErrMissing, source.ErrType,
// source.ErrShape, source.ErrRange.
func (v View) Fields(in []source.Field) ([]source.Field, error) {
	out, err := v.fields(in)
	if err != nil {
		return nil, fmt.Errorf("images: View: %w", err)
	}
	return out, nil
}

func (v View) fields(in []source.Field) ([]source.Field, error) {
	i, err := source.Find(in, v.Field)
	if err != nil {
		return nil, err
	}
	switch in[i].Kind {
	case source.Bytes:
	case source.Uint8:
		_, err = layoutOf(in[i])
	default:
		err = fmt.Errorf("%v: %w: images are strings of bytes or uint8; ask for them with Raw", in[i], source.ErrType)
	}
	if err != nil {
		return nil, err
	}
	if v.Height < 1 || v.Width < 1 || v.Short < 0 {
		return nil, fmt.Errorf("%w: a view of %d x %d, short side %d", source.ErrRange, v.Height, v.Width, v.Short)
	}
	if _, _, err := resample.Spans(v.Area, v.Aspect); err != nil {
		return nil, err
	}
	shape := []int{v.channels(), v.Height, v.Width}
	if _, err := source.Product(shape); err != nil {
		return nil, err
	}
	out := slices.Clone(in)
	out[i].Kind, out[i].Shape = source.Uint8, shape
	return out, nil
}

func (v View) channels() int {
	if v.Grey {
		return 1
	}
	return 3
}

// Apply implements data.Transform. Errors: source.ErrFormat, source.ErrCorrupt,
// source.ErrRefused.
func (v View) Apply(dst, src *data.Row) error {
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	p, err := s.picture(src, v.Field)
	if err != nil {
		return fmt.Errorf("images: View: field %q: %w", v.Field, err)
	}
	height, width := p.size()
	box := v.middle(height, width)
	if v.Random {
		area, aspect, err := resample.Spans(v.Area, v.Aspect)
		if err != nil {
			return fmt.Errorf("images: View: %w", err)
		}
		box = resample.RandomBox(src.Rand(), height, width, area, aspect)
	}
	to := resample.Images[uint8]{Pixels: dst.Uint8(v.Field), Planes: v.channels(), Height: v.Height, Width: v.Width}
	resample.Scale(to, s.cut(p, box, v.Grey), resample.Box{Height: box.Height, Width: box.Width})
	return nil
}

// middle is the box that becomes the middle of the image with its short side
// scaled to Short, or the largest of the view's aspect if Short is 0 or the view is
// larger than the image.
func (v View) middle(height, width int) resample.Box {
	largest := min(float64(height)/float64(v.Height), float64(width)/float64(v.Width))
	scale := largest
	if v.Short > 0 {
		scale = min(largest, float64(min(height, width))/float64(v.Short))
	}
	h, w := int(math.Round(scale*float64(v.Height))), int(math.Round(scale*float64(v.Width)))
	return resample.Middle(height, width, max(1, h), max(1, w))
}

// FromNHWC puts the channels of arrays (H, W, C) first, as networks here want them.
func FromNHWC(field string) augment.Transpose {
	return augment.Transpose{Field: field, Axes: []int{2, 0, 1}}
}
