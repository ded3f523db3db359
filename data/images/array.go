package images

import (
	"fmt"

	"github.com/cascade-hpc/cascade/data/source"
)

// layout says where the bytes of an array lie.
type layout struct {
	height, width   int
	channels        int // 1 or 3
	channel, column int // distances in memory; those of rows are width columns
}

// layoutOf finds the channels of an array by their number. Errors: source.ErrShape
// if there are none, or if either end may have them.
func layoutOf(f source.Field) (layout, error) {
	isChannels := func(n int) bool { return n == 1 || n == 3 }
	s := f.Shape
	switch {
	case len(s) == 2:
		return layout{s[0], s[1], 1, 0, 1}, nil
	case len(s) == 3 && isChannels(s[0]) && isChannels(s[2]):
		return layout{}, fmt.Errorf("%v: %w: either end could be the channels", f, source.ErrShape)
	case len(s) == 3 && isChannels(s[0]):
		return layout{s[1], s[2], s[0], s[1] * s[2], 1}, nil
	case len(s) == 3 && isChannels(s[2]):
		return layout{s[0], s[1], s[2], 1, s[2]}, nil
	}
	return layout{}, fmt.Errorf("%v: %w: an image is (H, W), (H, W, C) or (C, H, W), with 1 or 3 channels", f, source.ErrShape)
}

// array is an image in bytes of some layout.
type array struct {
	layout
	pixels []uint8
}

func (a *array) size() (int, int) { return a.height, a.width }

func (a *array) row(y, x int, r, g, b []uint8) {
	first := (y*a.width + x) * a.column
	second := 0 // of the only channel, again
	if a.channels == 3 {
		second = a.channel
	}
	for k, to := range [...][]uint8{r, g, b} {
		from := a.pixels[first+k*second:]
		if a.column == 1 {
			copy(to, from)
			continue
		}
		for i := range to {
			to[i] = from[i*a.column]
		}
	}
}
