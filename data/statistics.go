package data

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/cascade-hpc/cascade/data/source"
)

// Moments describes the numbers of a field, one entry for each index of the axes
// that were kept.
type Moments struct {
	Mean, Std []float64 // Std divides by Count
	Min, Max  []float64
	Count     int64 // numbers behind each entry
}

// Statistics finds the moments of a field over an epoch of a pipeline, after its
// transforms: of all numbers together, or, if axes of a row are named, of each
// index along them. Axis 0 of images in the order of channel, row and column gives
// what augment.Normalize takes. Rows come in stored order and all of them,
// whatever the pipeline says of Shuffle, Shard and Batch; NaN and infinities are
// refused even under AllowNotFinite, and rows that are skipped do not count.
//
// Sums are formed in float64, row by row: the mean and the squared deviations of
// a row, then merged with those of the rows before (Chan, Golub and LeVeque,
// COMPSTAT 1982, eq. 2.1). The same data give the same bits.
func Statistics(ctx context.Context, p Pipeline, field string, axes ...int) (m *Moments, err error) {
	p.shuffle, p.rank, p.size = false, 0, 1
	const rows = 16
	l, err := p.Batch(rows, Pad).Loader()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	i, err := source.Find(l.Fields(), field)
	if err != nil {
		return nil, fmt.Errorf("data: Statistics: %w", err)
	}
	s, err := newSums(l.Fields()[i], axes)
	if err != nil {
		return nil, fmt.Errorf("data: Statistics: %v: %w", l.Fields()[i], err)
	}
	for b, err := range l.Epoch(ctx) {
		if err != nil {
			return nil, err
		}
		for slot, row := range b.Rows {
			if b.Mask[slot] == 0 {
				continue
			}
			if err := s.add(b.columns.Row(i, slot)); err != nil {
				return nil, fmt.Errorf("data: Statistics: %s: %w", l.plan.src.Locate(l.plan.chain.read[0].name, row), err)
			}
		}
	}
	return s.moments()
}

// sums is moments in the making. A row is cut into runs of neighbours that belong
// to one group.
type sums struct {
	field  source.Field
	groups []int // of each run
	run    int   // elements
	row    []float64
	within int64 // numbers of a group in a row
	count  int64
	mean   []float64
	square []float64 // sum of squared deviations from the mean
	min    []float64
	max    []float64
	rowSum []float64
	rowDev []float64
}

func newSums(f source.Field, axes []int) (*sums, error) {
	if !slices.Contains([]source.Kind{source.Float32, source.Int64, source.Uint8}, f.Kind) {
		return nil, fmt.Errorf("%w: statistics are of float32, int64 and uint8", source.ErrType)
	}
	kept := make([]bool, len(f.Shape))
	for _, a := range axes {
		if a < 0 || a >= len(kept) || kept[a] {
			return nil, fmt.Errorf("%w: axes %v of %d, each once", source.ErrRange, axes, len(kept))
		}
		kept[a] = true
	}
	s := &sums{field: f, run: 1, groups: []int{0}, row: make([]float64, f.Size())}
	groups, inner := 1, true
	for a := len(kept) - 1; a >= 0; a-- {
		if inner = inner && !kept[a]; inner {
			s.run *= f.Shape[a]
			continue
		}
		stride := 0
		if kept[a] {
			stride, groups = groups, groups*f.Shape[a]
		}
		s.groups = outward(s.groups, f.Shape[a], stride)
	}
	s.within = int64(f.Size() / groups)
	for _, x := range []*[]float64{&s.mean, &s.square, &s.min, &s.max, &s.rowSum, &s.rowDev} {
		*x = make([]float64, groups)
	}
	for g := range groups {
		s.min[g], s.max[g] = math.Inf(1), math.Inf(-1)
	}
	return s, nil
}

// outward repeats groups along one more axis; an index along it adds stride.
func outward(groups []int, n, stride int) []int {
	out := make([]int, 0, n*len(groups))
	for i := range n {
		for _, g := range groups {
			out = append(out, g+i*stride)
		}
	}
	return out
}

// add takes in a row as a batch holds it.
func (s *sums) add(row []byte) error {
	if err := s.load(row); err != nil {
		return err
	}
	clear(s.rowSum)
	clear(s.rowDev)
	for r, g := range s.groups {
		for _, v := range s.row[r*s.run : (r+1)*s.run] {
			s.rowSum[g] += v
			s.min[g], s.max[g] = min(s.min[g], v), max(s.max[g], v)
		}
	}
	n := float64(s.within)
	for r, g := range s.groups {
		mean, dev := s.rowSum[g]/n, 0.0
		for _, v := range s.row[r*s.run : (r+1)*s.run] {
			dev += (v - mean) * (v - mean)
		}
		s.rowDev[g] += dev
	}
	before := float64(s.count)
	for g := range s.mean {
		delta := s.rowSum[g]/n - s.mean[g]
		s.mean[g] += delta * (n / (before + n))
		s.square[g] += s.rowDev[g] + delta*delta*(before*n/(before+n))
	}
	s.count += s.within
	return nil
}

func (s *sums) load(row []byte) error {
	switch s.field.Kind {
	case source.Float32:
		x := elementsOf[float32](row)
		if i := firstNotFinite(x); i >= 0 {
			return fmt.Errorf("field %q: %w: element %v is %g", s.field.Name, source.ErrNotFinite, unravel(i, s.field.Shape), x[i])
		}
		widen(s.row, x)
	case source.Int64:
		widen(s.row, elementsOf[int64](row))
	default:
		widen(s.row, row)
	}
	return nil
}

func widen[T source.Number](dst []float64, src []T) {
	for i, v := range src {
		dst[i] = float64(v)
	}
}

func (s *sums) moments() (*Moments, error) {
	if s.count == 0 {
		return nil, fmt.Errorf("data: Statistics: %w: every row was skipped", source.ErrRange)
	}
	m := &Moments{Mean: s.mean, Std: make([]float64, len(s.mean)), Min: s.min, Max: s.max, Count: s.count}
	for g, square := range s.square {
		m.Std[g] = math.Sqrt(square / float64(s.count))
	}
	return m, nil
}
