package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/internal/cli"
)

// timing is how long a collective took: of every rank the median of its calls, and of
// those the mean, the least and the most.
type timing struct {
	Bytes int     `json:"bytes"` // of a rank's vector
	Ranks int     `json:"ranks"`
	Mean  float64 `json:"mean_us"`
	Least float64 `json:"least_us"`
	Most  float64 `json:"most_us"`
}

// bandwidth is what a rank has to send at least, 2(n-1)/n of its vector, by the time in
// GB/s: "bus bandwidth", which can be held against that of a network.
func (t timing) bandwidth() float64 {
	n := float64(t.Ranks)
	return 2 * (n - 1) / n * float64(t.Bytes) / t.Mean / 1e3
}

func runAllreduce(_ context.Context, out io.Writer, args []string) error {
	fs := cli.Flags("bench allreduce", `The time of a sum of float32 over all ranks, in place. Ahead of each call a rank writes
its vector, as it would gradients, and meets the others at a barrier.`)
	goroutines := fs.Int("ranks", 0, "goroutine ranks; 0 for those of the launcher")
	least := fs.Int("min", 4<<10, "bytes of the shortest vector; each is four times the one before")
	most := fs.Int("max", 100<<20, "bytes of the longest vector")
	lines := fs.Bool("json", false, "print a JSON object a line instead of a table")
	started := fs.Bool("started", false, "start a request and wait for it, as training does, instead of a blocking call")
	if err := fs.ParseFlags(out, args); err != nil {
		return err
	}
	sizes, err := sizesFrom(*least, *most)
	if err != nil {
		return err
	}
	return onRanks(*goroutines, func(c *dist.Comm) error {
		list, err := timeAllreduce(c, sizes, *started)
		if err != nil || c.Rank() != 0 {
			return err
		}
		if *lines {
			return printLines(out, list)
		}
		return printAllreduce(out, c.String(), list)
	})
}

// sizesFrom is what is measured: powers of four from the least on, and the most.
func sizesFrom(least, most int) ([]int, error) {
	if least < 4 || most < least || least%4 != 0 || most%4 != 0 {
		return nil, fmt.Errorf("%w: --min %d --max %d: whole float32s from short to long are expected", cli.ErrUsage, least, most)
	}
	var sizes []int
	for ; least < most; least *= 4 {
		sizes = append(sizes, least)
	}
	return append(sizes, most), nil
}

// calls is how many of a length are timed. The C program counts alike.
func calls(bytes int) int { return min(2000, max(20, 256<<20/bytes)) }

// timeAllreduce times sums of all sizes; the result is the same on all ranks.
func timeAllreduce(c *dist.Comm, sizes []int, started bool) ([]timing, error) {
	x, err := dist.Alloc[float32](slices.Max(sizes) / 4)
	if err != nil {
		return nil, err
	}
	if err := checkSum(c, x); err != nil {
		return nil, err
	}
	var list []timing
	for _, bytes := range sizes {
		part := x[:bytes/4]
		call := func() error { return dist.Allreduce(c, part, dist.Sum) }
		if started {
			r, err := dist.AllreduceInit(c, part, dist.Sum)
			if err != nil {
				return nil, err
			}
			call = func() error { r.Start(); return r.Wait() }
		}
		median, err := medianOf(c, calls(bytes), part, call)
		if err != nil {
			return nil, err
		}
		t, err := overRanks(c, median)
		if err != nil {
			return nil, err
		}
		t.Bytes = bytes
		list = append(list, t)
	}
	return list, nil
}

// checkSum adds up numbers whose sum is known, and leaves zeros, which stay zeros however
// often they are added up.
func checkSum(c *dist.Comm, x []float32) error {
	for i := range x {
		x[i] = float32(c.Rank() + 1)
	}
	if err := dist.Allreduce(c, x, dist.Sum); err != nil {
		return err
	}
	want := float32(c.Size()*(c.Size()+1)) / 2
	for i, got := range x {
		if got != want {
			return fmt.Errorf("the sum of 1 to %d is %v and not %v in element %d of %d", c.Size(), got, want, i, len(x))
		}
	}
	clear(x)
	return nil
}

// medianOf is the median time of calls, behind a tenth as many that are not timed. Each
// finds x written by its rank: where ranks share memory, it would otherwise still lie with
// the one that has added it up.
func medianOf(c *dist.Comm, n int, x []float32, call func() error) (time.Duration, error) {
	took := make([]time.Duration, n)
	for i := -(n/10 + 2); i < n; i++ {
		clear(x)
		if err := c.Barrier(); err != nil {
			return 0, err
		}
		begin := time.Now()
		if err := call(); err != nil {
			return 0, err
		}
		if i >= 0 {
			took[i] = time.Since(begin)
		}
	}
	slices.Sort(took)
	return took[n/2], nil
}

// overRanks is what the ranks' times come to.
func overRanks(c *dist.Comm, d time.Duration) (timing, error) {
	all := make([]float64, c.Size())
	if err := dist.Allgather(c, all, []float64{float64(d) / 1e3}); err != nil {
		return timing{}, err
	}
	t := timing{Ranks: c.Size(), Least: slices.Min(all), Most: slices.Max(all)}
	for _, us := range all {
		t.Mean += us / float64(len(all))
	}
	return t, nil
}

func printLines(out io.Writer, list []timing) error {
	e := json.NewEncoder(out)
	for _, t := range list {
		if err := e.Encode(t); err != nil {
			return err
		}
	}
	return nil
}

func printAllreduce(out io.Writer, about string, list []timing) error {
	fmt.Fprintf(out, "%s\n%12s %12s %12s %12s %8s\n", about, "bytes", "mean µs", "least", "most", "GB/s")
	for _, t := range list {
		if _, err := fmt.Fprintf(out, "%12d %12.2f %12.2f %12.2f %8.2f\n", t.Bytes, t.Mean, t.Least, t.Most, t.bandwidth()); err != nil {
			return err
		}
	}
	return nil
}
