package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/dist/bench/internal/workload"
	"github.com/cascade-hpc/cascade/internal/atomicfile"
	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/nn/train"
)

// stepping is what 'bench step' measures.
type stepping struct {
	nets            []netBatch
	threads, rounds int
	strong          bool
	block           time.Duration
	reduce          train.Reduce
}

// netBatch is a net and the samples of one rank alone.
type netBatch struct {
	net   string
	batch int
}

// netBatches reads such as "resnet20:64,3dgan", where what is missing is batch.
func netBatches(text string, batch int) (list []netBatch, err error) {
	for one := range strings.SplitSeq(text, ",") {
		net, number, given := strings.Cut(one, ":")
		n := batch
		if given {
			if n, err = strconv.Atoi(number); err != nil {
				return nil, fmt.Errorf("%w: --net %s: a number of samples is expected behind the colon", cli.ErrUsage, one)
			}
		}
		if n < 1 {
			return nil, fmt.Errorf("%w: --net %s: %d samples: at least 1 is expected", cli.ErrUsage, one, n)
		}
		list = append(list, netBatch{net, n})
	}
	return list, nil
}

func runStep(_ context.Context, out io.Writer, args []string) error {
	fs := cli.Flags("bench step", "The time of a training step of one rank alone, of all ranks apart, and of all together, in turns.")
	goroutines := fs.Int("ranks", 0, "goroutine ranks; 0 for those of the launcher")
	nets := fs.String("net", "resnet20,3dgan", "`names` of steps, such as resnet20:64,3dgan:4 with samples of their own: "+strings.Join(workload.Names(), ", "))
	var s stepping
	batch := fs.Int("batch", 16, "samples of one rank alone")
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
	if s.threads < 1 || s.rounds < 1 {
		return fmt.Errorf("%w: --threads %d --rounds %d: at least 1 is expected", cli.ErrUsage, s.threads, s.rounds)
	}
	var err error
	if s.nets, err = netBatches(*nets, *batch); err != nil {
		return err
	}
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
		return atomicfile.WriteJSON(*file, list)
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
func (s stepping) net(c *dist.Comm, of netBatch) (scaling, error) {
	result := scaling{Net: of.net, On: c.String(), Strong: s.strong, Ranks: c.Size(), Threads: s.threads, Batch: of.batch, One: of.batch}
	if s.strong {
		if result.Batch = of.batch / c.Size(); result.Batch*c.Size() != of.batch {
			return result, fmt.Errorf("%w: %s: a batch of %d cannot be shared by %d ranks alike", cli.ErrUsage, of.net, of.batch, c.Size())
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
