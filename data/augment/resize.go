package augment

import (
	"fmt"
	"slices"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/internal/resample"
	"github.com/cascade-hpc/cascade/data/source"
)

// Resize scales the last two axes of a field to Height x Width by bilinear
// interpolation; where it shrinks, every pixel counts, as in Pillow and in
// PyTorch with antialias. It takes float32 and uint8, whose values it rounds.
type Resize struct {
	Field         string
	Height, Width int
}

// Fields implements data.Transform. Errors: source.ErrMissing, source.ErrType,
// source.ErrShape, source.ErrRange.
func (t Resize) Fields(in []source.Field) ([]source.Field, error) {
	out, err := scaled(in, t.Field, t.Height, t.Width)
	if err != nil {
		return nil, wrap("Resize", err)
	}
	return out, nil
}

// Apply implements data.Transform.
func (t Resize) Apply(dst, src *data.Row) error {
	f := fieldOf(src, t.Field)
	height, width := plane(f)
	scale(dst, src, f, resample.Box{Height: height, Width: width})
	return nil
}

// scaled is in with other last axes of a field.
func scaled(in []source.Field, name string, height, width int) ([]source.Field, error) {
	i, err := subject(in, name, pixels)
	if err != nil {
		return nil, err
	}
	f := in[i]
	if _, err := axisOf(f, -2); err != nil {
		return nil, err
	}
	if height < 1 || width < 1 {
		return nil, fmt.Errorf("field %q: %w: a size of %d x %d", name, source.ErrRange, height, width)
	}
	shape := append(slices.Clone(f.Shape[:len(f.Shape)-2]), height, width)
	if _, err := source.Product(shape); err != nil {
		return nil, fmt.Errorf("field %q: %w", name, err)
	}
	return changed(in, i, f.Kind, shape), nil
}

// plane is the size of the last two axes.
func plane(f source.Field) (height, width int) {
	return f.Shape[len(f.Shape)-2], f.Shape[len(f.Shape)-1]
}

// scale makes a field of dst of a box of the same field, f, of src.
func scale(dst, src *data.Row, f source.Field, box resample.Box) {
	g := fieldOf(dst, f.Name)
	if f.Kind == source.Uint8 {
		resample.Scale(images(dst.Uint8(f.Name), g), images(src.Uint8(f.Name), f), box)
		return
	}
	resample.Scale(images(dst.Float32(f.Name), g), images(src.Float32(f.Name), f), box)
}

// images are the last two axes of a field, as many as the others make.
func images[T resample.Pixel](pixels []T, f source.Field) resample.Images[T] {
	height, width := plane(f)
	return resample.Images[T]{Pixels: pixels, Planes: f.Size() / (height * width), Height: height, Width: width}
}
