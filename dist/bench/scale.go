package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/cascade-hpc/cascade/dist/bench/internal/record"
	"github.com/cascade-hpc/cascade/dist/bench/internal/replay"
	"github.com/cascade-hpc/cascade/internal/cli"
)

// scaling is what 'bench scale' is asked for.
type scaling struct {
	step     string
	rate     float64
	batch    int
	nodes    []int
	most     int // messages
	measured string
	out      string
	picture  string
	job      replay.Job
	platform replay.Platform
}

func (s *scaling) parse(out io.Writer, args []string) error {
	fs := cli.Flags("bench scale", `Lets SimGrid play the training step that 'bench trace' measured on more nodes than there
are: every message of its reductions, on a fat tree of 100 Gb/s like Stampede2's.`)
	s.platform = replay.Stampede2()
	p, j := &s.platform, &s.job
	nodes := "2,4,8,16,32,64,128,256,512"
	fs.StringVar(&s.step, "step", "", "JSON `file` of bench trace")
	fs.Float64Var(&s.rate, "rate", 0, "samples/s of a node that is alone; 0 for the rate that was measured")
	fs.IntVar(&s.batch, "batch", 0, "samples of a step on a node; 0 for as many as were measured")
	fs.StringVar(&nodes, "nodes", nodes, "numbers of nodes")
	fs.IntVar(&j.Workers, "workers", 2, "ranks on a node, which share its samples")
	fs.IntVar(&j.Bucket, "bucket", 2<<20, "bytes of gradients that are reduced together")
	fs.IntVar(&j.Steps, "steps", 1, "that are played; with jitter, so many that 2,048 lengths are drawn")
	fs.Float64Var(&j.CorePace, "core-pace", 1, "how much slower than here a core copies and adds up")
	fs.Uint64Var(&j.Seed, "seed", 1, "of the jitter, and of --scatter")
	fs.BoolVar(&j.Scatter, "scatter", false, "nodes anywhere in the cluster instead of neighbours")
	fs.Float64Var(&p.Bandwidth, "bandwidth", p.Bandwidth, "of a link, in bytes/s")
	fs.Float64Var(&p.Latency, "latency", p.Latency, "of a link, in s: two lie between neighbours, four between leaves of the tree")
	fs.Float64Var(&p.Memory, "memory", p.Memory, "bytes/s that a rank gets from another on its node")
	fs.IntVar(&s.most, "most", 12e6, "messages that are played at most: more are skipped, and said")
	fs.StringVar(&s.measured, "measured", "", "efficiencies in percent that were measured here, as 2=98.5,4=97, for the picture")
	fs.StringVar(&s.out, "out", "", "JSON `file` of all results; none if empty")
	fs.StringVar(&s.picture, "picture", "", "PNG `file`; none if empty")
	if err := fs.ParseFlags(out, args); err != nil {
		return err
	}
	var err error
	s.nodes, err = numbers(nodes)
	if err == nil && s.step == "" {
		err = fmt.Errorf("%w: --step: a file of bench trace is needed", cli.ErrUsage)
	}
	if err == nil && (s.rate < 0 || s.batch < 0) {
		err = fmt.Errorf("%w: --rate %g --batch %d: neither is below 0", cli.ErrUsage, s.rate, s.batch)
	}
	return err
}

// numbers reads whole numbers with commas between them.
func numbers(text string) ([]int, error) {
	var list []int
	for word := range strings.SplitSeq(text, ",") {
		n, err := strconv.Atoi(word)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%w: --nodes %q: numbers from 1 on with commas between them are expected", cli.ErrUsage, text)
		}
		list = append(list, n)
	}
	return list, nil
}

// settle reads the step, and finds how a node's pace compares with that of this machine.
func (s *scaling) settle() error {
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
	{"the same, with jitter", "halving", true, true, true},
	{"overlap, a ring of all ranks", "ring", false, true, false},
	{"no overlap, each node first", "halving", true, false, false},
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

func runScale(ctx context.Context, out io.Writer, args []string) error {
	s := &scaling{}
	if err := s.parse(out, args); err != nil {
		return err
	}
	marks, err := s.marks()
	if err != nil {
		return err
	}
	if err := s.settle(); err != nil {
		return err
	}
	s.head(out)
	var list []outcome
	for _, n := range s.nodes {
		for _, v := range variants {
			o, err := s.play(ctx, n, v)
			if err != nil {
				return fmt.Errorf("%d nodes, %s: %w", n, v.Name, err)
			}
			list = append(list, o)
		}
		printRow(out, list[len(list)-len(variants):])
	}
	if s.out != "" {
		if err := writeJSON(s.out, list); err != nil {
			return err
		}
	}
	if s.picture == "" {
		return nil
	}
	return s.chart(list, marks).Write(s.picture)
}

// draws is how many lengths of a run are drawn, at least, where there is jitter.
const draws = 2048

// play plays a variant on so many nodes.
func (s *scaling) play(ctx context.Context, nodes int, v variant) (outcome, error) {
	j := s.job
	j.Nodes, j.Algorithm, j.Layered, j.Overlap, j.Jitter = nodes, v.Algorithm, v.Layered, v.Overlap, v.Jitter
	if v.Jitter {
		j.Steps = max(2, draws/(nodes*j.Workers))
	}
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

func (s *scaling) head(out io.Writer) {
	j, p := s.job, s.platform
	fmt.Fprintf(out, "simulated: %s, %d samples on a node, %.1f samples/s alone, step %.1f ms; %d ranks on a node, %.2f MB each in buckets of %.2f MB\n",
		j.Step.Name, s.batch, s.rate, 1e3*float64(s.batch)/s.rate, j.Workers, float64(j.Step.Bytes())/1e6, float64(j.Bucket)/1e6)
	fmt.Fprintf(out, "links of %.1f GB/s and %.2f µs, %.1f GB/s inside of a node\n%6s", p.Bandwidth/1e9, p.Latency*1e6, p.Memory/1e9, "nodes")
	for _, v := range variants {
		fmt.Fprintf(out, " %29s", v.Name)
	}
	fmt.Fprintln(out)
}

// printRow prints what one number of nodes comes to.
func printRow(out io.Writer, list []outcome) {
	fmt.Fprintf(out, "%6d", list[0].Nodes)
	for _, o := range list {
		if o.Skipped {
			fmt.Fprintf(out, " %29s", fmt.Sprintf("%d messages", o.Messages))
			continue
		}
		fmt.Fprintf(out, " %29s", fmt.Sprintf("%.2f ms %.2f%%", 1e3*o.Step, 100*o.Efficiency))
	}
	fmt.Fprintln(out)
}
