package dataset

import (
	"fmt"

	"github.com/cascade-hpc/cascade/data/source"
)

// layout is how images are stored.
type layout struct {
	file                    bool // JPEG or PNG
	channels, height, width int  // of arrays; a file has any size and becomes red, green and blue
	last                    bool // the channels of arrays
	bytes                   bool // arrays of uint8
	asStored                bool // transforms take them as they are; other numbers become float32
}

// largestPlain is the side up to which arrays are taken in the size they have.
const largestPlain = 64

// plain arrays are taken in the size they have.
func (l layout) plain() bool { return !l.file && max(l.height, l.width) <= largestPlain }

// layoutOf tells how a field holds images. Errors: source.ErrShape.
func layoutOf(f source.Field) (layout, error) {
	l := layout{file: f.Kind == source.Bytes, channels: 3, bytes: f.Kind == source.Uint8}
	l.asStored = l.file || l.bytes || f.Kind == source.Float32
	if l.file {
		return l, nil
	}
	colours := func(n int) bool { return n == 1 || n == 3 }
	s := f.Shape
	switch {
	case len(s) == 2:
		l.channels, l.height, l.width = 1, s[0], s[1]
	case len(s) == 3 && colours(s[0]):
		l.channels, l.height, l.width = s[0], s[1], s[2]
	case len(s) == 3 && colours(s[2]):
		l.channels, l.height, l.width, l.last = s[2], s[0], s[1], true
	default:
		return l, fmt.Errorf("%v: %w: an image is (height, width), or with 1 or 3 channels before or behind", f, source.ErrShape)
	}
	if !l.plain() && !l.bytes {
		return l, fmt.Errorf("%v: %w: images of more than %d x %d pixels are to be stored as uint8 or as JPEG files", f, source.ErrType, largestPlain, largestPlain)
	}
	return l, nil
}
