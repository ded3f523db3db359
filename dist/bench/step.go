package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/dist/bench/internal/workload"
	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/nn/train"
)

// stepping is what 'bench step' measures.
type stepping struct {
	nets                   []string
	batch, threads, rounds int
	strong                 bool
	block                  time.Duration
	reduce                 train.Reduce
}

func runStep(_ context.Context, out io.Writer, args []string) error {
	fs := cli.Flags("bench step", "The time of a training step of one rank alone, of all ranks apart, and of all together, in turns.")
	goroutines := fs.Int("ranks", 0, "goroutine ranks; 0 for those of the launcher")
	nets := fs.String("net", "resnet20,3dgan", "`names` of steps: "+strings.Join(workload.Names(), ", "))
	var s stepping
	fs.IntVar(&s.batch, "batch", 16, "samples of one rank alone")
	fs.IntVar(&s.threads, "threads", 1, "threads of a rank; those of optimisers are CASCADE_NUM_THREADS")
	fs.IntVar(&s.rounds, "rounds", 7, "how often each is measured")
	fs.DurationVar(&s.block, "for", time.Second, "how long at a time, about")
	fs.BoolVar(&s.strong, "strong", false, "the ranks share that batch; else each has one (weak scaling)")
	fs.IntVar(&s.reduce.Bucket, "bucket", 0, "bytes of a bucket; 0 measures what is best")
	fs.BoolVar(&s.reduce.BFloat16, "bf16", false, "gradients travel in half the space")
	file := fs.String("out", "", "JSON file of all times; none if empty")
	if err := fs.ParseFlags(out, args); err != nil {
		return err
	}
	if s.batch < 1 || s.threads < 1 || s.rounds < 1 {
		return fmt.Errorf("%w: --batch %d --threads %d --rounds %d: at least 1 is expected", cli.ErrUsage, s.batch, s.threads, s.rounds)
	}
	s.nets = strings.Split(*nets, ",")
	return onRanks(*goroutines, func(c *dist.Comm) error {
		list, err := s.measure(c)
		if err != nil || c.Rank() != 0 {
			return err
		}
		fmt.Fprintln(out, c)
		printScaling(out, list)
		if *file == "" {
			return nil
		}
		return writeJSON(*file, list)
	})
}

// measure measures all nets.
func (s stepping) measure(c *dist.Comm) ([]scaling, error) {
	var list []scaling
	for _, net := range s.nets {
		one, err := s.net(c, net)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, nil
}

// net measures one.
func (s stepping) net(c *dist.Comm, net string) (scaling, error) {
	result := scaling{Net: net, On: c.String(), Strong: s.strong, Ranks: c.Size(), Threads: s.threads, Batch: s.batch, One: s.batch}
	if s.strong {
		if result.Batch = s.batch / c.Size(); result.Batch*c.Size() != s.batch {
			return result, fmt.Errorf("%w: --batch %d cannot be shared by %d ranks alike", cli.ErrUsage, s.batch, c.Size())
		}
	}
	r := rounds{c: c}
	defer r.close()
	if err := r.compile(result, s.reduce); err != nil {
		return result, err
	}
	if err := r.warm(s.block); err != nil {
		return result, err
	}
	result.Buckets, result.Bytes, result.Bucket = r.member.sent()
	return result, r.measure(s.rounds, &result)
}
