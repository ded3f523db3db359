package main

import (
	"context"
	"fmt"
	"io"

	"github.com/cascade-hpc/cascade/dist/bench/internal/record"
	"github.com/cascade-hpc/cascade/dist/bench/internal/replay"
	"github.com/cascade-hpc/cascade/internal/atomicfile"
)

// forecast is what 'bench scale' is asked for.
type forecast struct {
	step     string  // file of the measured step
	rate     float64 // samples/s of a node alone
	batch    int     // samples of a step on a node
	nodes    []int
	only     bool // the first variant
	most     int  // messages of a job
	measured string
	out      string
	picture  string
	traces   string
	job      replay.Job
	platform replay.Platform
}

// settle reads the step, and finds how a node's pace compares with that of this machine.
func (s *forecast) settle() error {
	step, err := record.Read(s.step)
	if err != nil {
		return err
	}
	if s.batch == 0 {
		s.batch = step.Batch
	}
	if s.rate == 0 {
		s.rate = float64(step.Batch) / step.Seconds()
	}
	s.job.Step, s.job.Pace = step, float64(s.batch)/s.rate/step.Seconds()
	return nil
}

// variant is one way to share the work.
type variant struct {
	Name                     string
	Algorithm                string
	Layered, Overlap, Jitter bool
}

// variants begin with how Cascade trains where train.Reduce finds that to be faster. A
// halving among all ranks has no line: near ranks exchange first in it, so that where
// neighbours share nodes it sends the same messages as the first variant does.
var variants = []variant{
	{"overlap, each node first", "halving", true, true, false},
	{"with this machine's jitter", "halving", true, true, true},
	{"overlap, a ring of all ranks", "ring", false, true, false},
	{"no overlap, each node first", "halving", true, false, false},
}

// variants are those that are asked for.
func (s *forecast) variants() []variant {
	if s.only {
		return variants[:1]
	}
	return variants
}

// outcome is one job that was played.
type outcome struct {
	Nodes      int     `json:"nodes"`
	Variant    string  `json:"variant"`
	Step       float64 `json:"step_s"`     // seconds
	Efficiency float64 `json:"efficiency"` // a worker's time alone by that of the step
	Messages   int     `json:"messages"`
	Skipped    bool    `json:"skipped,omitempty"` // more messages than asked for
}

// playAll plays all variants on all numbers of nodes, and prints and writes what they come
// to, number by number: large ones take minutes.
func (s *forecast) playAll(ctx context.Context, out io.Writer) ([]outcome, error) {
	var list []outcome
	for _, n := range s.nodes {
		for _, v := range s.variants() {
			o, err := s.play(ctx, n, v)
			if err != nil {
				return nil, fmt.Errorf("%d nodes, %s: %w", n, v.Name, err)
			}
			list = append(list, o)
		}
		printRow(out, list[len(list)-len(s.variants()):])
		if s.out != "" {
			if err := atomicfile.WriteJSON(s.out, list); err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}

// on is the job of a variant on so many nodes.
func (s *forecast) on(nodes int, v variant) replay.Job {
	j := s.job
	j.Nodes, j.Algorithm, j.Layered, j.Overlap, j.Jitter = nodes, v.Algorithm, v.Layered, v.Overlap, v.Jitter
	if v.Jitter {
		j.Steps = max(2, draws/(nodes*j.Workers))
	}
	return j
}

// draws is how many lengths of a run are drawn, at least, where there is jitter.
const draws = 512

// play plays a variant on so many nodes.
func (s *forecast) play(ctx context.Context, nodes int, v variant) (outcome, error) {
	j := s.on(nodes, v)
	o := outcome{Nodes: nodes, Variant: v.Name}
	var err error
	if o.Messages, err = j.Messages(); err != nil {
		return o, err
	}
	if o.Messages > s.most {
		o.Skipped = true
		return o, nil
	}
	seconds, err := j.Play(ctx, s.platform)
	if err != nil {
		return o, err
	}
	o.Step, o.Efficiency = seconds/float64(j.Steps), j.Alone()/seconds
	return o, nil
}
