package main

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/source"
)

// rates is how fast a source gives its rows, in rows a second.
type rates struct {
	ordered  float64 // extent after extent, by one goroutine
	shuffled float64 // in the order of a training, through a pipeline
	random   float64 // one at a time, any
	rowCost  int64   // bytes of the file read for each of random
}

// sample is how long each rate is measured.
const sample = time.Second

// measure reads a sample of the rows in each way.
func measure(ctx context.Context, src source.Source) (rates, error) {
	var r rates
	var c source.Columns
	extents := src.Extents()
	ordered := func(k int) (int, error) {
		rows := extents[k%len(extents)]
		return rows.Len(), src.Read(&c, rows)
	}
	var err error
	if r.ordered, _, err = rate(ctx, len(extents), ordered); err != nil {
		return r, err
	}
	if r.shuffled, err = shuffledRate(ctx, src); err != nil {
		return r, err
	}
	rng := rand.New(rand.NewPCG(1, 2))
	before := stored(src)
	one := func(int) (int, error) {
		row := rng.IntN(src.Rows())
		return 1, src.Read(&c, source.Range{From: row, To: row + 1})
	}
	rows := 0
	if r.random, rows, err = rate(ctx, src.Rows(), one); err != nil {
		return r, err
	}
	r.rowCost = (stored(src) - before) / int64(rows)
	return r, nil
}

// stored is what src has read from its file.
func stored(src source.Source) int64 {
	if c, ok := src.(source.Counter); ok {
		return c.Counts().StoredBytes
	}
	return 0
}

// rate is rows a second of at most n calls of read, which returns how many rows it
// has read, and rows in all.
func rate(ctx context.Context, n int, read func(k int) (int, error)) (float64, int, error) {
	rows, start := 0, time.Now()
	for k := 0; k < n && time.Since(start) < sample; k++ {
		if ctx.Err() != nil {
			return 0, 0, ctx.Err()
		}
		got, err := read(k)
		if err != nil {
			return 0, 0, err
		}
		rows += got
	}
	return float64(rows) / time.Since(start).Seconds(), rows, nil
}

// shuffledRate is that of a pipeline with its usual settings.
func shuffledRate(ctx context.Context, src source.Source) (float64, error) {
	var fields []string
	for _, f := range src.Fields() {
		fields = append(fields, f.Name)
	}
	n := min(64, src.Rows())
	loader, err := data.From(src).Raw(fields...).AllowNotFinite().Shuffle(1, 0).Batch(n, data.Drop).Loader()
	if err != nil {
		return 0, err
	}
	defer loader.Close()
	batches := func(int) (int, error) {
		b, err := loader.Next(ctx)
		if err != nil {
			return 0, err
		}
		return b.Size, nil
	}
	r, _, err := rate(ctx, loader.Steps(), batches)
	return r, err
}
