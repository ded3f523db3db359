package train_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/optim"
	"github.com/cascade-hpc/cascade/nn/train"
	"github.com/cascade-hpc/cascade/ops"
)

// worker trains a small convolutional net on its share of every batch, the samples of
// which are functions of their numbers.
type worker struct {
	net       *nn.Net
	program   *nn.Program
	optimizer *optim.Optimizer
	reduction *train.Reduction
	x, y      []float32
	loss      []float32
	first     int // sample
}

const globalBatch = 12

func newWorker(c *dist.Comm, r train.Reduce, norm bool, options ...nn.Option) (*worker, error) {
	g := nn.New("net")
	h := g.Map("x", 2, 6, 6).Conv(5, nn.K(3, 3).Same())
	if norm {
		h = h.BatchNorm()
	}
	h = h.ReLU().Conv(4, nn.K(3, 3)).Tanh()
	net, err := g.Output("y", h.Flatten().Dense(7).Tanh().Dense(2)).Build()
	if err != nil {
		return nil, err
	}
	net.Init(5)
	s := nn.New("step")
	step, err := s.Loss("mse", nn.MSE(net.Apply(s, s.Map("x", 2, 6, 6)).Vec("y"), s.Vec("y", 2))).Build()
	if err != nil {
		return nil, err
	}
	batch := globalBatch / c.Size()
	w := &worker{net: net, first: batch * c.Rank()}
	pool := ops.NewPool(1)
	if w.program, err = nn.Compile(step, append(options, nn.Train(net), nn.Batch(batch), nn.OnPool(pool))...); err != nil {
		return nil, err
	}
	w.x, _ = w.program.Input("x")
	w.y, _ = w.program.Input("y")
	w.loss, _ = w.program.Output("loss")
	if w.optimizer, err = (optim.SGD{LR: 0.05, Momentum: 0.9}).New(net); err != nil {
		return nil, err
	}
	w.reduction, err = r.New(c, w.program, net)
	return w, err
}

func (w *worker) step(at uint64) error {
	size := len(w.x) / w.program.Batch()
	for i := range w.x {
		sample := float64(w.first + i/size)
		w.x[i] = float32(math.Sin(float64(at)*1.3 + sample*0.7 + float64(i%size)))
	}
	for i := range w.y {
		w.y[i] = w.x[i/2*size] * w.x[i/2*size+1+i%2]
	}
	if err := w.program.Run(at); err != nil {
		return err
	}
	if err := w.reduction.Wait(); err != nil {
		return err
	}
	w.optimizer.Step()
	return nil
}

// trained is the weights and statistics of every rank after some steps.
func trained(t *testing.T, ranks int, r train.Reduce, norm bool) [][]float32 {
	t.Helper()
	weights := make([][]float32, ranks)
	require.NoError(t, dist.Run(ranks, func(c *dist.Comm) error {
		w, err := newWorker(c, r, norm)
		if err != nil {
			return err
		}
		defer w.program.Close()
		for at := range uint64(20) {
			if err := w.step(at); err != nil {
				return err
			}
		}
		weights[c.Rank()] = append(append([]float32(nil), w.net.Weights()...), w.net.Statistics()...)
		return nil
	}))
	return weights
}

// TestRanksTrainLikeOne: shares of a batch on several ranks come to the weights that the
// whole batch comes to on one, but for rounding: 20 steps of rates near 0.05 add up
// differences of one unit in the last place. The ranks themselves hold the same bits.
func TestRanksTrainLikeOne(t *testing.T) {
	want := trained(t, 1, train.Reduce{}, false)[0]
	for _, ranks := range []int{2, 3, 4} {
		for _, bucket := range []int{0, 1, 400, 1 << 20} {
			t.Run(fmt.Sprintf("%d ranks, buckets of %d bytes", ranks, bucket), func(t *testing.T) {
				got := trained(t, ranks, train.Reduce{Bucket: bucket}, false)
				for i, w := range want {
					require.InDelta(t, w, got[0][i], 1e-6)
				}
				for _, other := range got[1:] {
					require.Equal(t, got[0], other)
				}
			})
		}
	}
}

// TestStatisticsAreShared: with batch normalisation ranks hold the same statistics too.
func TestStatisticsAreShared(t *testing.T) {
	got := trained(t, 3, train.Reduce{Bucket: 300}, true)
	assert.Equal(t, got[0], got[1])
	assert.Equal(t, got[0], got[2])
}

// TestBFloat16KeepsWhatItRounds: gradients in half the space come near to whole ones, and
// nearer than a step of bfloat16.
func TestBFloat16KeepsWhatItRounds(t *testing.T) {
	want := trained(t, 2, train.Reduce{}, true)
	got := trained(t, 2, train.Reduce{BFloat16: true}, true)
	assert.Equal(t, got[0], got[1])
	assert.NotEqual(t, want[0], got[0])
	for i, w := range want[0] {
		assert.InDelta(t, w, got[0][i], 2e-3, "20 steps, each a 256th of some 0.05 off, most of which comes back")
	}
}

func TestReductionRefuses(t *testing.T) {
	var mu sync.Mutex
	var says []string
	err := dist.Run(2, func(c *dist.Comm) error {
		w, err := newWorker(c, train.Reduce{}, c.Rank() == 1)
		if err == nil {
			return errors.New("two nets were taken for one")
		}
		mu.Lock()
		defer mu.Unlock()
		says = append(says, err.Error())
		_ = w
		return nil
	})
	require.NoError(t, err)
	for _, s := range says {
		assert.Contains(t, s, `net "net" or its program is another one on rank 1 than on rank 0`)
	}
	w, err := newWorker(dist.Self(), train.Reduce{}, true)
	require.NoError(t, err)
	defer w.program.Close()
	other := newTask(t).state.Members[0].Net
	_, err = train.Reduce{}.New(dist.Self(), w.program, other)
	assert.ErrorContains(t, err, `the program does not train net "net"`)
}

// TestARunThatNobodyWaitsFor is waited for by the next one.
func TestARunThatNobodyWaitsFor(t *testing.T) {
	require.NoError(t, dist.Run(2, func(c *dist.Comm) error {
		w, err := newWorker(c, train.Reduce{}, true)
		if err != nil {
			return err
		}
		defer w.program.Close()
		return errors.Join(w.program.Run(0), w.program.Run(1), w.reduction.Wait(), w.reduction.Wait())
	}))
}

// TestTheTraceShowsReductionsBesideTheBackwardPass: all buckets of a step, between the
// beginnings of its run and of the next.
func TestTheTraceShowsReductionsBesideTheBackwardPass(t *testing.T) {
	file := filepath.Join(t.TempDir(), "trace.json")
	var stats train.ReductionStats
	require.NoError(t, dist.Run(2, func(c *dist.Comm) error {
		var options []nn.Option
		if c.Rank() == 0 {
			options = append(options, nn.Trace(file))
		}
		w, err := newWorker(c, train.Reduce{Bucket: 400}, true, options...)
		if err != nil {
			return err
		}
		defer w.program.Close()
		for at := range uint64(3) {
			if err := w.step(at); err != nil {
				return err
			}
		}
		if c.Rank() == 0 {
			stats = w.reduction.Stats()
		}
		return nil
	}))
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var trace struct {
		TraceEvents []struct {
			Name, Cat string
			Ts, Dur   float64
			Args      struct{ Step int }
		}
	}
	require.NoError(t, json.Unmarshal(text, &trace))
	begin := [4]float64{3: math.Inf(1)} // of runs
	for _, e := range trace.TraceEvents {
		if e.Cat == "step" {
			begin[e.Args.Step] = e.Ts
		}
	}
	reductions := 0
	for _, e := range trace.TraceEvents {
		if strings.HasPrefix(e.Name, "reduce bucket ") {
			reductions++
			assert.Less(t, begin[e.Args.Step], e.Ts, "step %d", e.Args.Step)
			assert.Less(t, e.Ts+e.Dur, begin[e.Args.Step+1], "step %d", e.Args.Step)
		}
	}
	assert.Equal(t, 3*stats.Buckets, reductions)
}

// TestAReducedStepAllocatesNothing, with synchronised batch normalisation neither.
func TestAReducedStepAllocatesNothing(t *testing.T) {
	for _, sync := range []bool{false, true} {
		require.NoError(t, dist.Run(2, func(c *dist.Comm) error {
			var options []nn.Option
			if sync {
				options = append(options, train.SyncBatchNorm(c))
			}
			w, err := newWorker(c, train.Reduce{Bucket: 400}, true, options...)
			if err != nil {
				return err
			}
			defer w.program.Close()
			at := uint64(0)
			const runs = 100 // so that what the other rank does behind its last does not count
			per := testing.AllocsPerRun(runs, func() {
				at++
				err = errors.Join(err, w.step(at))
			})
			assert.Zero(t, per)
			s := w.reduction.Stats()
			assert.Equal(t, runs+1, s.Steps)
			assert.Greater(t, s.Buckets, 2)
			return err
		}))
	}
}
