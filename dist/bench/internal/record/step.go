package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/cascade-hpc/cascade/internal/atomicfile"
)

// Step is a training step as measured. Times are in seconds, and medians.
type Step struct {
	Name    string // of the workload
	Batch   int    // samples
	FLOPs   int64  // of the step
	Threads int    // that computed
	CPU     string // what the processor calls itself
	Repeats int    // steps that were measured
	Runs    []Run  // in their order
	Memory  Memory
}

// Run is a run of a program, and what follows up to the next.
type Run struct {
	Name   string
	Finals []Final // what it stores, in the order in which it is final; none where it does not train
	Length float64 // of the run
	Update float64 // from its end to the next run's begin: the optimiser
	// Ratios are what each measured run took, its update included, as shares of the
	// median.
	Ratios []float64
}

// Final is a gradient, or running statistics, and the moment from which on it stays.
type Final struct {
	Path  string
	Bytes int
	At    float64 // since the begin of the run
	Exact bool    // statistics, which leave by themselves
}

// Memory is what one core needs for a byte of gradients, in seconds.
type Memory struct {
	Copy  float64 // into the memory that is sent
	Scale float64 // back, divided by the number of ranks
	Add   float64 // to another
}

// Seconds is the length of the step.
func (s *Step) Seconds() (t float64) {
	for _, r := range s.Runs {
		t += r.Length + r.Update
	}
	return t
}

// Bytes is what a step reduces.
func (s *Step) Bytes() (n int) {
	for _, r := range s.Runs {
		for _, f := range r.Finals {
			n += f.Bytes
		}
	}
	return n
}

// Write writes the step as JSON, whole or not at all.
func (s *Step) Write(path string) error {
	return atomicfile.Write(path, func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", "\t")
		return e.Encode(s)
	})
}

// ErrFormat says that a file is not a step that was measured.
var ErrFormat = errors.New("not a step as bench trace writes it")

// Read reads what Write wrote. Errors: those of the file, ErrFormat.
func Read(path string) (*Step, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	s := &Step{}
	if err := json.Unmarshal(data, s); err != nil {
		return nil, fmt.Errorf("%s: %w: %w", path, ErrFormat, err)
	}
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("%s: %w: %w", path, ErrFormat, err)
	}
	return s, nil
}

// check refuses what cannot have been measured.
func (s *Step) check() error {
	if len(s.Runs) == 0 || s.Batch < 1 {
		return fmt.Errorf("%d runs of a batch of %d: at least 1 of both is expected", len(s.Runs), s.Batch)
	}
	for _, r := range s.Runs {
		if r.Length <= 0 || r.Update < 0 || len(r.Ratios) == 0 {
			return fmt.Errorf("run %q takes %g s, its update %g s, in %d repeats", r.Name, r.Length, r.Update, len(r.Ratios))
		}
		at := 0.
		for _, f := range r.Finals {
			if f.At < at || f.At > r.Length || f.Bytes < 1 {
				return fmt.Errorf("run %q, %s: %d bytes final at %g s: at least 1, between %g and %g s, is expected", r.Name, f.Path, f.Bytes, f.At, at, r.Length)
			}
			at = f.At
		}
	}
	return nil
}
