package train

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestLines: without a terminal there is a line when one is due, and its rate counts
// the steps of this run alone.
func TestLines(t *testing.T) {
	var out bytes.Buffer
	b := newBar(&Loop{Epochs: 3, Steps: 200, Batch: 32, Unit: "showers", Metrics: []string{"loss", "error %"}}, &out, new(feed))
	b.begin(Position{Epoch: 1, Step: 100}, "")
	b.step(Position{Step: 101}, []float64{101, 0}, 101)
	assert.Empty(t, out.String(), "it is too early")

	b.start, b.shown = time.Now().Add(-50*time.Second), time.Now().Add(-quiet)
	b.step(Position{Step: 150}, []float64{75, 1500}, 150)
	assert.Equal(t, "epoch 2/3: step 150 of 200, 32 showers/s, 4m10s left; loss 0.5, error % 10\n", out.String())
	b.step(Position{Step: 151}, []float64{75, 1500}, 151)
	assert.Equal(t, 1, bytes.Count(out.Bytes(), []byte("\n")))
}
