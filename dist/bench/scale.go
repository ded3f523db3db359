package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/cascade-hpc/cascade/dist/bench/internal/replay"
	"github.com/cascade-hpc/cascade/internal/cli"
)

// parse reads the flags.
func (s *forecast) parse(out io.Writer, args []string) error {
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
	fs.IntVar(&j.Steps, "steps", 1, "that are played; with jitter, so many that 512 lengths are drawn")
	fs.Float64Var(&j.CorePace, "core-pace", 1, "how much slower than here a core copies and adds up")
	fs.Uint64Var(&j.Seed, "seed", 1, "of the jitter, and of --scatter")
	fs.BoolVar(&j.Scatter, "scatter", false, "nodes anywhere in the cluster instead of neighbours")
	fs.Float64Var(&p.Bandwidth, "bandwidth", p.Bandwidth, "of a link, in bytes/s")
	fs.Float64Var(&p.Latency, "latency", p.Latency, "of a link, in s: two lie between neighbours, four between leaves of the tree")
	fs.Float64Var(&p.Memory, "memory", p.Memory, "bytes/s that a rank gets from another on its node")
	fs.IntVar(&s.most, "most", 3e6, "messages that are played at most: more are skipped, and said")
	fs.StringVar(&s.measured, "measured", "", "JSON `file` of bench step, whose weak scaling of the same net is put into the picture")
	fs.StringVar(&s.out, "out", "", "JSON `file` of all results; none if empty")
	fs.StringVar(&s.picture, "picture", "", "PNG `file`; none if empty")
	fs.BoolVar(&s.only, "only", false, "the first variant alone")
	fs.StringVar(&s.traces, "traces", "", "`folder` for what SimGrid reads, of the first variant on the first number of nodes, which is then not played")
	if err := fs.ParseFlags(out, args); err != nil {
		return err
	}
	switch {
	case s.step == "":
		return fmt.Errorf("%w: --step: a file of bench trace is needed", cli.ErrUsage)
	case s.rate < 0 || s.batch < 0:
		return fmt.Errorf("%w: --rate %g --batch %d: neither is below 0", cli.ErrUsage, s.rate, s.batch)
	case p.Bandwidth <= 0 || p.Latency <= 0 || p.Memory <= 0:
		return fmt.Errorf("%w: --bandwidth %g --latency %g --memory %g: all are above 0", cli.ErrUsage, p.Bandwidth, p.Latency, p.Memory)
	}
	var err error
	s.nodes, err = numbers(nodes)
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

func runScale(ctx context.Context, out io.Writer, args []string) error {
	s := &forecast{}
	if err := s.parse(out, args); err != nil {
		return err
	}
	if err := s.settle(); err != nil {
		return err
	}
	marks, err := s.marks()
	if err != nil {
		return err
	}
	if s.traces != "" {
		return s.writeTraces(out)
	}
	s.head(out)
	if s.measured != "" && len(marks) == 0 {
		fmt.Fprintf(out, "%s has no weak scaling of %s: none is in the picture\n", s.measured, s.job.Step.Name)
	}
	list, err := s.playAll(ctx, out)
	if err != nil || s.picture == "" {
		return err
	}
	return s.chart(list, marks).Write(s.picture)
}

// writeTraces writes the files of one job, and how they are played.
func (s *forecast) writeTraces(out io.Writer) error {
	j := s.on(s.nodes[0], variants[0])
	if err := os.MkdirAll(s.traces, 0o755); err != nil {
		return err
	}
	dir, err := filepath.Abs(s.traces)
	if err != nil {
		return err
	}
	if err := j.Files(dir, s.platform); err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, strings.Join(append([]string{"smpirun"}, j.Arguments(dir)...), " "))
	return err
}

func (s *forecast) head(out io.Writer) {
	j, p := s.job, s.platform
	fmt.Fprintf(out, "simulated: %s, %d samples on a node, %.1f samples/s alone, step %.1f ms; %d ranks on a node, %.2f MB each in buckets of %.2f MB\n",
		j.Step.Name, s.batch, s.rate, 1e3*float64(s.batch)/s.rate, j.Workers, float64(j.Step.Bytes())/1e6, float64(j.Bucket)/1e6)
	fmt.Fprintf(out, "links of %.1f GB/s and %.2f µs, %.1f GB/s inside of a node\n%6s", p.Bandwidth/1e9, p.Latency*1e6, p.Memory/1e9, "nodes")
	for _, v := range s.variants() {
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
