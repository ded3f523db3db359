package dataset

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/augment"
	"github.com/cascade-hpc/cascade/data/source"
)

// Preprocessing is what becomes of an image before a network sees it: a size, and pixels
// less a mean, divided by a deviation. A trained network is of no use without.
type Preprocessing struct {
	Channels int `json:"channels"`
	Height   int `json:"height"`
	Width    int `json:"width"`
	// View says that images are scaled: the short side to 8/7 of Height, of which the
	// middle is cut out. Otherwise they have the size.
	View bool `json:"view,omitempty"`
	// Mean and Std are those of each channel, in the units in which pixels are stored.
	Mean []float64 `json:"mean"`
	Std  []float64 `json:"std"`
}

// String is p as JSON, which ParsePreprocessing reads.
func (p Preprocessing) String() string {
	b, err := json.Marshal(p)
	if err != nil { // a number that is not finite, which no Preprocessing of a Set has
		return err.Error()
	}
	return string(b)
}

// ParsePreprocessing reads what String wrote.
func ParsePreprocessing(text string) (Preprocessing, error) {
	var p Preprocessing
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return p, fmt.Errorf("dataset: the preprocessing %q: %w", text, err)
	}
	if p.Channels < 1 || p.Height < 1 || p.Width < 1 || len(p.Mean) != p.Channels || len(p.Std) != p.Channels {
		return p, fmt.Errorf("dataset: the preprocessing %q: it must have channels, height, width, and mean and std of every channel", text)
	}
	return p, nil
}

// short is the length to which the short side of an image is scaled for the middle of it
// to be cut out: 256 for the usual 224.
func (p Preprocessing) short() int { return (8*p.Height + 3) / 7 }

const usualSize = 224

// preprocessing is the one that suits the images: ImageNet's mean and deviation for
// views, else those of the pixels, for which all of them are read.
func (p *part) preprocessing(ctx context.Context, size int) (Preprocessing, error) {
	l := p.layout
	if l.plain() && (size == 0 || size == l.height && size == l.width) {
		r := Preprocessing{Channels: l.channels, Height: l.height, Width: l.width}
		m, err := data.Statistics(ctx, p.channelsFirst(p.pipeline()), p.image, r.axes()...)
		if err != nil {
			return r, err
		}
		r.Mean, r.Std = m.Mean, m.Std
		for c, s := range r.Std {
			if s == 0 {
				return r, fmt.Errorf("%s: %w: all pixels of channel %d of field %q are %g", p.name, source.ErrRange, c, p.image, m.Mean[c])
			}
		}
		return r, nil
	}
	if !l.file && !l.bytes {
		return Preprocessing{}, fmt.Errorf("%s: field %q: %w: images that are not uint8 keep their size of %d x %d", p.name, p.image, source.ErrType, l.height, l.width)
	}
	if size == 0 {
		size = usualSize
	}
	usual := augment.ImageNet(p.image, l.channels)
	return Preprocessing{Channels: l.channels, Height: size, Width: size, View: true, Mean: usual.Mean, Std: usual.Std}, nil
}

// axes are those of an image along which means are formed apart.
func (p Preprocessing) axes() []int {
	if p.Channels == 1 {
		return nil
	}
	return []int{0}
}

// suits finds images of which p cannot make the network's.
func (p *part) suits(r Preprocessing) error {
	l := p.layout
	switch {
	case r.View && !l.file && !l.bytes:
		return fmt.Errorf("%s: field %q: %w: images are scaled, and must be uint8 or files", p.name, p.image, source.ErrType)
	case r.View && (l.file || r.Channels == l.channels):
		return nil
	case !r.View && !l.file && l.channels == r.Channels && l.height == r.Height && l.width == r.Width:
		return nil
	case l.file:
		return fmt.Errorf("%s: field %q: %w: files, where the network's images are arrays of %d x %d x %d", p.name, p.image, source.ErrShape, r.Channels, r.Height, r.Width)
	}
	return fmt.Errorf("%s: field %q: %w: images of %d x %d x %d, where the network's are %d x %d x %d",
		p.name, p.image, source.ErrShape, l.channels, l.height, l.width, r.Channels, r.Height, r.Width)
}
