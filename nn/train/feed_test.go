package train

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data"
)

// TestWaitingIsSaid: the share of an epoch that went into waiting for data is in its row
// and in the log, and a large one is said once.
func TestWaitingIsSaid(t *testing.T) {
	for _, test := range []struct {
		name  string
		share float64
		log   string
		says  int
	}{
		{"hungry", 0.25, "0.2500", 1},
		{"fed", 0.01, "0.0100", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { // an exact clock
				log := filepath.Join(t.TempDir(), "log.csv")
				var out, bar bytes.Buffer
				f := &clock{share: test.share}
				loop := Loop{
					Epochs: 3, Steps: 4, Metrics: []string{"loss"}, Data: f, State: new(State), Log: log, Out: &out, Bar: &bar,
					Step:        func(Position, []float64) error { f.seconds++; time.Sleep(time.Second); return nil },
					Validations: []string{"metric"},
					Validate:    func(Position, []float64) error { time.Sleep(time.Hour); return nil },
				}
				require.NoError(t, loop.Run(t.Context()))
				assert.Equal(t, test.says, strings.Count(bar.String(), "waited 25% of the epoch for its data"))
				assert.Contains(t, out.String(), "waits\n")
				text, err := os.ReadFile(log)
				require.NoError(t, err)
				lines := strings.Split(strings.TrimSpace(string(text)), "\n")
				require.Len(t, lines, 4)
				assert.True(t, strings.HasSuffix(lines[0], ",wait"), lines[0])
				for _, l := range lines[1:] {
					assert.True(t, strings.HasSuffix(l, ","+test.log), l)
				}
			})
		})
	}
}

// clock is a loader that waits a share of every second.
type clock struct {
	seconds int
	share   float64
}

func (c *clock) Stats() data.Stats {
	elapsed := time.Duration(c.seconds) * time.Second
	return data.Stats{Elapsed: elapsed, Waited: time.Duration(c.share * float64(elapsed)), Capacity: 2}
}

func TestBarShowsTheLoader(t *testing.T) {
	var out bytes.Buffer
	f := &feed{Feed: &clock{seconds: 10, share: 0.5}}
	b := newBar(&Loop{Epochs: 3, Steps: 200, Batch: 32, Metrics: []string{"loss"}}, &out, f)
	b.begin(Position{}, "")
	f.began = time.Now().Add(-10 * time.Second)
	b.start, b.shown = time.Now().Add(-50*time.Second), time.Now().Add(-quiet)
	b.step(Position{Step: 150}, []float64{75}, 150)
	assert.Contains(t, out.String(), "loss 0.5; data: 0 MB/s read, queue 0.0/2, waits 50.0%")
}
