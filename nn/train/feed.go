package train

import (
	"fmt"
	"io"
	"time"

	"github.com/cascade-hpc/cascade/data"
)

// Feed is where batches come from and what it says of itself; a data.Loader is one.
type Feed interface {
	Stats() data.Stats
}

// starved is the share of waiting from which on a training is told so.
const starved = 0.1

// feed watches a Feed for the bar and the rows, one epoch at a time.
type feed struct {
	Feed  // nil where there is none
	out   io.Writer
	first data.Stats // at the beginning of the epoch
	began time.Time
	told  bool
}

func (f *feed) begin() {
	if f.Feed != nil {
		f.first, f.began = f.Stats(), time.Now()
	}
}

// status is what the bar says.
func (f *feed) status() string {
	if f.Feed == nil {
		return ""
	}
	return "; " + f.in(time.Since(f.began)).String()
}

// in is what the loader did since the beginning of the epoch, of which the training
// took some time: the loader's own clock would count validation, too.
func (f *feed) in(took time.Duration) data.Stats {
	s := f.Stats().Since(f.first)
	s.Elapsed = took
	return s
}

// waited is the share that went into waiting of the time that the steps of the epoch
// took. The first time that it is large, it is said with what may help.
func (f *feed) waited(took time.Duration) float64 {
	if f.Feed == nil {
		return 0
	}
	s := f.in(took)
	share := s.WaitShare()
	if share >= starved && !f.told {
		f.told = true
		fmt.Fprintf(f.out, "the training waited %.0f%% of the epoch for its data (%s): more workers or Pipeline.Cache may help, or files that suit training better (go run ./data/h5 repack)\n", 100*share, s)
	}
	return share
}
