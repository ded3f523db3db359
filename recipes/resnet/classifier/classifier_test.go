package classifier_test

import (
	"fmt"
	"log"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/optim"
	"github.com/cascade-hpc/cascade/ops"
	"github.com/cascade-hpc/cascade/recipes/resnet/arch"
	"github.com/cascade-hpc/cascade/recipes/resnet/classifier"
)

const (
	batch   = 16
	classes = 4
)

var input = arch.Input{Channels: 1, Height: 8, Width: 8}

// quadrants are images with a bright quarter, which is their class.
func quadrants() (pixels, labels []float32) {
	pixels, labels = ops.Alloc(batch*64), ops.Alloc(batch)
	for n := range batch {
		class := n % classes
		labels[n] = float32(class)
		for i := range 64 {
			if i/32 == class/2 && i%8/4 == class%2 {
				pixels[64*n+i] = 1 + float32(n)/batch
			}
		}
	}
	return pixels, labels
}

func build() *nn.Net {
	net, err := arch.Build("resnet8", input, classes)
	if err != nil {
		log.Fatal(err)
	}
	net.Init(1)
	return net
}

func TestTrainingMakesTheLossFall(t *testing.T) {
	net := build()
	trainer, err := classifier.NewTrainer(net, input, classifier.Config{Batch: batch})
	require.NoError(t, err)
	defer trainer.Close()
	sgd, err := optim.SGD{LR: 0.05, Momentum: 0.9}.New(net)
	require.NoError(t, err)
	pixels, labels := quadrants()
	var before, after [2]float64
	for step := range uint64(30) {
		require.NoError(t, trainer.Run(step, pixels, labels))
		trainer.Metrics(after[:])
		if step == 0 {
			before = after
		}
		sgd.Step()
	}
	assert.Greater(t, before[0], 1.0)
	assert.Less(t, after[0], 0.05)
	assert.Zero(t, after[1])
}

// What the trainer tells is what its logits and labels give by the formula.
func TestLossAndErrorAreThoseOfTheLogits(t *testing.T) {
	for _, smoothing := range []float64{0, 0.1} {
		net := build()
		trainer, err := classifier.NewTrainer(net, input, classifier.Config{Batch: batch, Smoothing: smoothing})
		require.NoError(t, err)
		defer trainer.Close()
		pixels, labels := quadrants()
		require.NoError(t, trainer.Run(0, pixels, labels))
		logits, err := trainer.Program().Output(arch.Logits)
		require.NoError(t, err)
		loss, wrong := 0.0, 0
		for n := range batch {
			z := logits[n*classes : (n+1)*classes]
			sum, best := 0.0, 0
			for c, v := range z {
				sum += math.Exp(float64(v))
				if v > z[best] {
					best = c
				}
			}
			if best != int(labels[n]) {
				wrong++
			}
			for c, v := range z {
				weight := smoothing / classes
				if c == int(labels[n]) {
					weight += 1 - smoothing
				}
				loss += weight * (math.Log(sum) - float64(v)) / batch
			}
		}
		var got [2]float64
		trainer.Metrics(got[:])
		assert.InDelta(t, loss, got[0], 1e-5)
		assert.Equal(t, 100*float64(wrong)/batch, got[1])
	}
}

func TestAStepDoesNotAllocate(t *testing.T) {
	net := build()
	trainer, err := classifier.NewTrainer(net, input, classifier.Config{Batch: batch})
	require.NoError(t, err)
	defer trainer.Close()
	tester, err := classifier.NewTester(net, batch)
	require.NoError(t, err)
	defer tester.Close()
	pixels, labels := quadrants()
	var metrics [2]float64
	step := func() {
		err = trainer.Run(0, pixels, labels)
		trainer.Metrics(metrics[:])
	}
	step()
	assert.Zero(t, testing.AllocsPerRun(10, step))
	require.NoError(t, err)
	assert.Zero(t, testing.AllocsPerRun(10, func() { _, err = tester.Logits(pixels) }))
	require.NoError(t, err)
}

// In training statistics are those of the batch, in tests the running ones.
func TestTesterUsesRunningStatistics(t *testing.T) {
	net := build()
	pixels, labels := quadrants()
	trainer, err := classifier.NewTrainer(net, input, classifier.Config{Batch: batch})
	require.NoError(t, err)
	defer trainer.Close()
	predict := func() []float32 {
		tester, err := classifier.NewTester(net, batch)
		require.NoError(t, err)
		defer tester.Close()
		logits, err := tester.Logits(pixels)
		require.NoError(t, err)
		return slices.Clone(logits)
	}
	before := predict()
	for step := range uint64(200) { // no step of an optimizer: weights stay
		require.NoError(t, trainer.Run(step, pixels, labels))
	}
	logits, err := trainer.Program().Output(arch.Logits)
	require.NoError(t, err)
	after := predict()
	assert.NotEqual(t, before, after)
	assert.InDeltaSlice(t, logits, after, 0.1, "running statistics are those of the batch by now, but for n/(n-1) of the variance")
}

func TestBatchesOfAnotherSizeAreRefused(t *testing.T) {
	net := build()
	trainer, err := classifier.NewTrainer(net, input, classifier.Config{Batch: batch})
	require.NoError(t, err)
	defer trainer.Close()
	pixels, labels := quadrants()
	require.ErrorIs(t, trainer.Run(0, pixels[:64], labels), nn.ErrShape)
	require.ErrorIs(t, trainer.Run(0, pixels, labels[:1]), nn.ErrShape)
	tester, err := classifier.NewTester(net, batch)
	require.NoError(t, err)
	defer tester.Close()
	_, err = tester.Logits(pixels[:64])
	assert.ErrorIs(t, err, nn.ErrShape)
	_, err = classifier.NewTrainer(net, arch.Input{Channels: 3, Height: 8, Width: 8}, classifier.Config{Batch: batch})
	assert.ErrorIs(t, err, nn.ErrShape)
}

func Example() {
	net := build()
	trainer, err := classifier.NewTrainer(net, input, classifier.Config{Batch: batch})
	if err != nil {
		log.Fatal(err)
	}
	defer trainer.Close()
	sgd, err := optim.SGD{LR: 0.05, Momentum: 0.9}.New(net)
	if err != nil {
		log.Fatal(err)
	}
	pixels, labels := quadrants()
	metrics := make([]float64, len(classifier.Metrics))
	for step := range uint64(30) {
		if err := trainer.Run(step, pixels, labels); err != nil {
			log.Fatal(err)
		}
		sgd.Step()
	}
	trainer.Metrics(metrics)
	fmt.Printf("%s: %g\n", classifier.Metrics[1], metrics[1])
	// Output: error %: 0
}
