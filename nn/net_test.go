package nn_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestParamsTellTheirPlace: every parameter is where it says in the buffer of its kind.
func TestParamsTellTheirPlace(t *testing.T) {
	net := build(t, "images", images)
	statistics := 0
	for _, p := range net.Params() {
		buffer := net.Weights()
		if p.Grad == nil {
			buffer = net.Statistics()
			statistics++
		} else {
			assert.Same(t, &net.Gradients()[p.Offset], &p.Grad[0], p.Path)
		}
		assert.Same(t, &buffer[p.Offset], &p.Data[0], p.Path)
	}
	assert.Positive(t, statistics)
}
