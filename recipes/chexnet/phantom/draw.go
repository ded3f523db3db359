package phantom

import (
	"image"

	"github.com/cascade-hpc/cascade/internal/philox"
	"github.com/cascade-hpc/cascade/recipes/chexnet/nih"
)

// Subject is what an image is of.
type Subject struct {
	Patient  int64
	FollowUp int // 0, 1, … tells the images of a patient apart; below 2^20
	Labels   nih.Labels
}

// The streams of a seed: one for each patient, and behind them those of images and of
// their noise.
const (
	ofPatients = iota
	ofImages
	ofNoise
)

// stream has what is drawn for a purpose.
func (s Subject) stream(seed uint64, purpose uint64) philox.Stream {
	if purpose == ofPatients {
		return philox.NewStream(seed, uint64(s.Patient)<<2)
	}
	return philox.NewStream(seed, (uint64(s.Patient)<<20|uint64(s.FollowUp))<<2|purpose)
}

// Draw makes the image of a subject, size x size. The same subject, size and seed give
// the same bytes. An image of 1024 x 1024 takes some 40 ms.
func Draw(size int, s Subject, seed uint64) *image.Gray {
	habit, draws := s.stream(seed, ofPatients), s.stream(seed, ofImages)
	p := patient{newCanvas(size), newAnatomy(&habit), &draws}
	heart, dark := p.between(.95, 1.05), p.between(-.1, .05)
	if s.Labels[cardiomegaly] == 1 {
		heart = p.between(1.6, 1.9)
	}
	if s.Labels[emphysema] == 1 {
		dark = p.between(.35, .45)
	}
	p.draw(p.canvas, heart, dark)
	for i, shape := range paint {
		if s.Labels[i] == 1 && shape != nil {
			shape(p)
		}
	}
	return p.picture(.06, s.stream(seed, ofNoise))
}
