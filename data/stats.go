package data

import (
	"fmt"
	"strings"
	"time"

	"github.com/cascade-hpc/cascade/data/source"
)

// Stats is what a loader did since it was made: how fast reading goes, and
// whether training waits for it.
type Stats struct {
	// Elapsed is the time from the first call of Next to the end of the latest, and
	// Waited the part of it in which Next had no batch ready and waited.
	Elapsed, Waited time.Duration
	// Batches were delivered, and of their rows so many Skipped.
	Batches, Skipped int
	// Ready is the number of batches that wait to be delivered, of at most Capacity,
	// that of Pipeline.Prefetch.
	Ready, Capacity int
	// Reading is what the source says reading cost, for other loaders that share it
	// too; its times are summed over all who read. Of a source that does not count, it is the time of its Read, and rows
	// count as stored in the form they are decoded to.
	Reading source.Counts
	// Decoded is the memory of rows that were read and decoded, and Reused that of
	// rows that were in memory still, or in the cache.
	Decoded, Reused int64

	depthTime time.Duration // Ready, integrated over measured
	measured  time.Duration
}

// Since is what was done between an earlier Stats of the same loader and this one.
func (s Stats) Since(earlier Stats) Stats {
	s.Elapsed -= earlier.Elapsed
	s.Waited -= earlier.Waited
	s.Batches -= earlier.Batches
	s.Skipped -= earlier.Skipped
	s.Reading = s.Reading.Add(negative(earlier.Reading))
	s.Decoded -= earlier.Decoded
	s.Reused -= earlier.Reused
	s.depthTime -= earlier.depthTime
	s.measured -= earlier.measured
	return s
}

// WaitShare is the share of the time that went into waiting for batches, from 0
// to 1.
func (s Stats) WaitShare() float64 { return ratio(float64(s.Waited), float64(s.Elapsed)) }

// ReadRate is the speed of the files while they are read, in bytes as stored a
// second, for each worker that reads.
func (s Stats) ReadRate() float64 {
	return ratio(float64(s.Reading.StoredBytes), time.Duration(s.Reading.ReadNanos).Seconds())
}

// DecodeRate is the speed of decompression, checks and conversion while they go
// on, in bytes as decoded a second for each worker; 0 where a source has nothing
// to decode or does not count.
func (s Stats) DecodeRate() float64 {
	return ratio(float64(s.Reading.DecodedBytes), time.Duration(s.Reading.DecodeNanos).Seconds())
}

// QueueDepth is the mean of Ready over time.
func (s Stats) QueueDepth() float64 { return ratio(float64(s.depthTime), float64(s.measured)) }

// ReuseShare is the share of rows, by their memory, that need not be read again.
func (s Stats) ReuseShare() float64 {
	return ratio(float64(s.Reused), float64(s.Reused+s.Decoded))
}

// ratio is a/b, or 0 where nothing was measured.
func ratio(a, b float64) float64 {
	if b <= 0 {
		return 0
	}
	return a / b
}

// String is short enough for a progress bar:
// "data: 120 MB/s read, 890 MB/s decoded, queue 2.9/3, waits 0.1%".
func (s Stats) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "data: %.0f MB/s read", s.ReadRate()/1e6)
	if r := s.DecodeRate(); r > 0 {
		fmt.Fprintf(&b, ", %.0f MB/s decoded", r/1e6)
	}
	fmt.Fprintf(&b, ", queue %.1f/%d, waits %.1f%%", s.QueueDepth(), s.Capacity, 100*s.WaitShare())
	if s.Reused > 0 {
		fmt.Fprintf(&b, ", %.0f%% reused", 100*s.ReuseShare())
	}
	if s.Skipped > 0 {
		fmt.Fprintf(&b, ", %d rows skipped", s.Skipped)
	}
	return b.String()
}
