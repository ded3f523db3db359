package main

import (
	"fmt"
	"io"

	"github.com/cascade-hpc/cascade/dist/bench/internal/record"
)

// scaling is how fast ranks take a training step. All times are of a step in ms, one of
// each round; those of one round were measured one directly after the other.
type scaling struct {
	Net     string `json:"net"`
	On      string `json:"on"`
	Strong  bool   `json:"strong"` // the ranks share one rank's batch; else each has one
	Ranks   int    `json:"ranks"`
	Threads int    `json:"threads"`    // of a rank
	Batch   int    `json:"batch"`      // of a rank among several
	One     int    `json:"batch_of_1"` // of one rank alone
	Buckets int    `json:"buckets"`    // of a step
	Bytes   int64  `json:"bytes"`      // of a step, in vectors
	Bucket  int    `json:"bucket"`     // chosen size in bytes

	// Alone is rank 0 while the others sleep.
	Alone []float64 `json:"alone_ms"`
	// Apart are all ranks at once without a word between them, in the mean: what they
	// cost each other by the memory, caches and cores that they share.
	Apart []float64 `json:"apart_ms"`
	// Together are all ranks training one net, in the mean.
	Together []float64 `json:"together_ms"`
	// Busy is the part of Together in which something was being reduced, Exposed that in
	// which a rank waited for it behind its backward pass, in the mean: for reductions,
	// and for ranks that were late. Last is what those waited that were the last, which is
	// for reductions alone.
	Busy    []float64 `json:"busy_ms"`
	Exposed []float64 `json:"exposed_ms"`
	Last    []float64 `json:"last_ms"`
}

// gain is how much of a step of one rank alone a step among several does.
func (s scaling) gain() float64 { return float64(s.Batch) / float64(s.One) }

// efficiency is the rate of a rank among the others by the rate of one alone.
func (s scaling) efficiency() float64 { return s.gain() * speed(s.Alone, s.Together) }

// control is the same without communication: no efficiency can be expected to be better.
func (s scaling) control() float64 { return s.gain() * speed(s.Alone, s.Apart) }

// kept is what communication leaves of the rate that ranks have without it.
func (s scaling) kept() float64 { return speed(s.Apart, s.Together) }

// rate is in samples/s, of all ranks.
func (s scaling) rate() float64 {
	return float64(s.Batch*s.Ranks) / record.Median(s.Together) * 1e3
}

func printScaling(out io.Writer, list []scaling) {
	fmt.Fprint(out, `ms of a step, medians:
  alone      one rank, the others asleep
  apart      all ranks at once, each for itself: what shared memory, caches and cores cost
  together   all ranks training one net
  exposed    what of it a rank waited behind its backward pass: for ranks that were late, and
             for reductions; last is of the rank that came last, which is for reductions alone
rates of a rank, in medians of the rounds' ratios:
  efficiency of together, by alone: what scaling means
  control    of apart, by alone: the same without any communication
  kept       of together, by apart: what communication leaves
`)
	fmt.Fprintf(out, "%-9s %-6s %5s %7s %5s %9s %9s %9s %8s %6s %8s %6s %9s %10s %8s %8s\n", "net", "", "ranks", "threads", "batch", "alone", "apart", "together", "exposed", "", "last", "", "samples/s", "efficiency", "control", "kept")
	for _, s := range list {
		kind := "weak"
		if s.Strong {
			kind = "strong"
		}
		fmt.Fprintf(out, "%-9s %-6s %5d %7d %5d %9.2f %9.2f %9.2f %8.2f %5.1f%% %8.2f %5.1f%% %9.1f %9.1f%% %7.1f%% %7.1f%%\n",
			s.Net, kind, s.Ranks, s.Threads, s.Batch, record.Median(s.Alone), record.Median(s.Apart), record.Median(s.Together),
			record.Median(s.Exposed), 100*speed(s.Exposed, s.Together), record.Median(s.Last), 100*speed(s.Last, s.Together), s.rate(), 100*s.efficiency(), 100*s.control(), 100*s.kept())
	}
}
