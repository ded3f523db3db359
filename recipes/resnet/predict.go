package main

import (
	"context"
	"errors"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/recipes/internal/ranks"
	"github.com/cascade-hpc/cascade/recipes/resnet/classifier"
	"github.com/cascade-hpc/cascade/recipes/resnet/dataset"
)

// testBatch is the number of images tested at a time.
const testBatch = 100

// predict hands the logits of a net for the images to test with, a rank's share of them,
// to sink, in their order and a batch at a time, with their labels. Images that were
// skipped are left out. Both slices are used again.
func predict(ctx context.Context, r *ranks.Rank, s *dataset.Set, net *nn.Net, sink func(logits []float32, labels []int) error) (err error) {
	tester, err := classifier.NewTester(net, testBatch, nn.OnPool(r.Pool))
	if err != nil {
		return err
	}
	defer tester.Close()
	l, err := s.Testing().Shard(r.Comm.Rank(), r.Comm.Size()).Batch(testBatch, data.Pad).Loader()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	labels := make([]int, 0, testBatch)
	for b, err := range l.Epoch(ctx) {
		if err != nil {
			return err
		}
		pixels, classes := s.TestBatch(b)
		logits, err := tester.Logits(pixels)
		if err != nil {
			return err
		}
		labels, logits = counted(labels[:0], logits, classes, b.Mask)
		if err := sink(logits, labels); err != nil {
			return err
		}
	}
	return nil
}

// counted moves the logits of images that count together, and appends their labels.
func counted(labels []int, logits, classes, mask []float32) ([]int, []float32) {
	width := len(logits) / len(mask)
	for slot, m := range mask {
		if m == 0 {
			continue
		}
		copy(logits[len(labels)*width:], logits[slot*width:(slot+1)*width])
		labels = append(labels, int(classes[slot]))
	}
	return labels, logits[:len(labels)*width]
}
