package images

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"sync"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/internal/resample"
	"github.com/cascade-hpc/cascade/data/source"
)

// picture is an image of any form.
type picture interface {
	size() (height, width int)
	// row fills r, g and b with as many pixels of row y, from column x on.
	row(y, x int, r, g, b []uint8)
}

// scratch is what one Apply needs; kept, so that views of arrays do not allocate.
type scratch struct {
	reader bytes.Reader
	array  array
	pixels []uint8 // a box, channel by channel
	line   []uint8 // green and blue of a row that becomes grey
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// picture is the image of a row.
func (s *scratch) picture(r *data.Row, name string) (picture, error) {
	i, err := source.Find(r.Fields(), name)
	if err != nil {
		return nil, err
	}
	f := r.Fields()[i]
	if f.Kind == source.Bytes {
		return s.decode(r.Bytes(name))
	}
	s.array.layout, err = layoutOf(f)
	s.array.pixels = r.Uint8(name)
	return &s.array, err
}

// cut copies a box of a picture, channel by channel.
func (s *scratch) cut(p picture, box resample.Box, grey bool) resample.Images[uint8] {
	n := box.Height * box.Width
	to := resample.Images[uint8]{Planes: 3, Height: box.Height, Width: box.Width}
	if grey {
		to.Planes = 1
	}
	if cap(s.pixels) < n*to.Planes {
		s.pixels = make([]uint8, n*to.Planes)
	}
	to.Pixels = s.pixels[:n*to.Planes]
	if cap(s.line) < 2*box.Width {
		s.line = make([]uint8, 2*box.Width)
	}
	for y := range box.Height {
		r := to.Pixels[y*box.Width:][:box.Width]
		if grey {
			g, b := s.line[:box.Width], s.line[box.Width:2*box.Width]
			p.row(box.Top+y, box.Left, r, g, b)
			luma(r, g, b)
			continue
		}
		p.row(box.Top+y, box.Left, r, to.Pixels[n+y*box.Width:][:box.Width], to.Pixels[2*n+y*box.Width:][:box.Width])
	}
	return to
}

// luma makes a row grey, in r (ITU-R BT.601, as color.GrayModel).
func luma(r, g, b []uint8) {
	for i := range r {
		r[i] = uint8((19595*uint32(r[i]) + 38470*uint32(g[i]) + 7471*uint32(b[i]) + 1<<15) >> 16)
	}
}

// mostPixels bounds what a file may claim to be: its pixels take a few bytes each.
const mostPixels = 1 << 27

// decode decodes a JPEG or PNG file. Errors: source.ErrFormat, source.ErrCorrupt,
// source.ErrRefused.
func (s *scratch) decode(b []byte) (picture, error) {
	read, config := jpeg.Decode, jpeg.DecodeConfig
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xd8")):
	case bytes.HasPrefix(b, []byte("\x89PNG")):
		read, config = png.Decode, png.DecodeConfig
	default:
		return nil, fmt.Errorf("%w: %d bytes that begin with % x are neither JPEG nor PNG", source.ErrFormat, len(b), b[:min(4, len(b))])
	}
	defer s.reader.Reset(nil)
	s.reader.Reset(b)
	c, err := config(&s.reader)
	if err == nil && (c.Width < 1 || c.Height < 1 || c.Width > mostPixels/c.Height) {
		return nil, fmt.Errorf("%w: an image of %d x %d pixels; at most %d are decoded", source.ErrRefused, c.Width, c.Height, mostPixels)
	}
	var img image.Image
	if err == nil {
		s.reader.Reset(b)
		img, err = read(&s.reader)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %d bytes: %w", source.ErrCorrupt, len(b), err)
	}
	return pictureOf(img), nil
}
