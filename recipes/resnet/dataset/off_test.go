package dataset

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestPaddingCanBeOff(t *testing.T) {
	assert.Equal(t, "pad 2, area 0.75, mirrored", Augmentation{}.String())
	assert.Equal(t, "pad 0, area 1, mirrored", Augmentation{Pad: Off, Area: 1}.String())
	assert.Equal(t, "pad 4, area 0.5", Augmentation{Pad: 4, Area: 0.5, Upward: true}.String())
}
