package phantom

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/cascade-hpc/cascade/recipes/chexnet/nih"
)

const small = 96 // pixels; enough to see every finding

// changed is the share of pixels that two images of a subject do not agree in by more
// than a tenth of the range.
func changed(a, b []uint8) float64 {
	n := 0
	for i := range a {
		if math.Abs(float64(a[i])-float64(b[i])) > 25 {
			n++
		}
	}
	return float64(n) / float64(len(a))
}

func TestEveryFindingIsSeen(t *testing.T) {
	for k, name := range nih.Findings {
		t.Run(name, func(t *testing.T) {
			for p := range int64(20) {
				var l nih.Labels
				l[k] = 1
				with := Draw(small, Subject{Patient: p, Labels: l}, 1)
				without := Draw(small, Subject{Patient: p}, 1)
				share := changed(with.Pix, without.Pix)
				assert.Greater(t, share, 0.001, "patient %d", p)
				assert.Less(t, share, 0.4, "patient %d: it is no more than a part of the image", p)
			}
		})
	}
}

func TestFindingsLookDifferent(t *testing.T) {
	var images [nih.Count][]uint8
	for k := range images {
		var l nih.Labels
		l[k] = 1
		images[k] = Draw(small, Subject{Labels: l}, 1).Pix
	}
	for a := range images {
		for b := range a {
			assert.Greater(t, changed(images[a], images[b]), 0.001, "%s and %s", nih.Findings[a], nih.Findings[b])
		}
	}
}

// TestImagesOfAPatientAreAlike: healthy images differ by noise and by how dark they are,
// not in outline, and those of others in outline.
func TestImagesOfAPatientAreAlike(t *testing.T) {
	first := Draw(small, Subject{Patient: 3}, 1).Pix
	again := Draw(small, Subject{Patient: 3, FollowUp: 1}, 1).Pix
	other := Draw(small, Subject{Patient: 4}, 1).Pix
	assert.Less(t, changed(first, again), 0.002)
	assert.Greater(t, changed(first, other), 0.02)
}

func TestTheSameSubjectIsTheSameBytes(t *testing.T) {
	s := Subject{Patient: 9, FollowUp: 2, Labels: nih.Labels{0: 1, 3: 1, 11: 1}}
	assert.Equal(t, Draw(small, s, 5), Draw(small, s, 5))
	assert.NotEqual(t, Draw(small, s, 5), Draw(small, s, 6))
}

func Example() {
	img := Draw(64, Subject{Patient: 7, Labels: nih.Labels{4: 1}}, 1)
	fmt.Println(img.Bounds())
	// Output: (0,0)-(64,64)
}

func BenchmarkDraw(b *testing.B) {
	for b.Loop() {
		Draw(1024, Subject{Patient: 7, Labels: nih.Labels{4: 1}}, 1)
	}
}
