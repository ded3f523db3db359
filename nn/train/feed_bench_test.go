//go:build cgo && !nohdf5

package train_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/augment"
	"github.com/cascade-hpc/cascade/data/hdf5"
	"github.com/cascade-hpc/cascade/data/images"
	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/optim"
	"github.com/cascade-hpc/cascade/nn/zoo"
)

// writePhotographs makes a file of JPEG images of 500 x 375 with labels.
func writePhotographs(b *testing.B, path string, n int) {
	fields := []source.Field{{Name: "image", Kind: source.Bytes}, {Name: "label", Kind: source.Int64}}
	w, err := hdf5.Create(path, fields...)
	require.NoError(b, err)
	var rows source.Columns
	rows.Reset(fields, n)
	for i := range n {
		m := image.NewRGBA(image.Rect(0, 0, 500, 375))
		for k := range m.Pix { // edges and gradients, some 90 kB at quality 90
			m.Pix[k] = byte((k*k/500 + 13*i) ^ k/2000)
		}
		var file bytes.Buffer
		require.NoError(b, jpeg.Encode(&file, m, &jpeg.Options{Quality: 90}))
		rows.Append(0, file.Bytes())
	}
	require.NoError(b, w.AppendColumns(&rows))
	require.NoError(b, w.Close())
}

// A training step of ResNet-50 on images of 224 x 224, batch 16, that come as JPEG files
// in HDF5 and are cut, flipped and normalised on the way: what part of it is waiting.
//
//	go test ./nn/train -run '^$' -bench Photographs -benchtime 10x
func BenchmarkPhotographs(b *testing.B) {
	const batch = 16
	path := filepath.Join(b.TempDir(), "photographs.h5")
	writePhotographs(b, path, 8*batch)
	loader, err := data.Open(path).Raw("image").Fields("label").Shuffle(1, 0).
		Map(images.View{Field: "image", Height: 224, Width: 224, Random: true}, 0).
		Map(augment.Flip{Field: "image"}, 0).
		Map(augment.Normalize{Field: "image", Mean: []float64{123.7, 116.3, 103.5}, Std: []float64{58.4, 57.1, 57.4}}, 0).
		Batch(batch, data.Drop).Prefetch(3).Loader()
	require.NoError(b, err)
	defer loader.Close()

	g := nn.New("resnet50")
	net := g.Output("logits", zoo.ResNet50(g.Map("image", 3, 224, 224), 1000, zoo.ResNetOptions{})).MustBuild()
	net.Init(1)
	s := nn.New("step")
	logits := net.Apply(s, s.Map("image", 3, 224, 224)).Vec("logits")
	step := s.Loss("entropy", nn.SoftmaxCE(logits, s.Vec("label", 1))).MustBuild()
	program, err := nn.Compile(step, nn.Train(net), nn.Batch(batch))
	require.NoError(b, err)
	defer program.Close()
	rule, err := optim.SGD{LR: 0.1, Momentum: 0.9}.New(net)
	require.NoError(b, err)

	run := func() {
		batch, err := loader.Next(b.Context())
		require.NoError(b, err)
		require.NoError(b, program.Bind("image", batch.Float32("image")))
		require.NoError(b, program.Bind("label", batch.Float32("label")))
		require.NoError(b, program.Run(0))
		rule.Step()
	}
	run() // fetches memory
	before := loader.Stats()
	for b.Loop() {
		run()
	}
	b.ReportMetric(float64(batch*b.N)/b.Elapsed().Seconds(), "images/s")
	b.ReportMetric(100*loader.Stats().Since(before).WaitShare(), "%waiting")
}
