package data

import (
	"fmt"
	"math"

	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/internal/philox"
)

// Split is a choice of rows. Splits of one kind over intervals that do not
// overlap have no row in common, whatever else the pipelines do, and over
// intervals that meet they leave none out.
type Split interface {
	fmt.Stringer
	// choose says within which rows the split lies, and which of them belong to it;
	// nil is all.
	choose(src source.Source) (source.Range, func(row int) bool, error)
}

// Rows is the rows from … to-1 in stored order.
func Rows(from, to int) Split { return rowsSplit{from, to} }

// Part is the rows from a share of all to another, in stored order: of n rows
// those from round(from·n) to before round(to·n).
func Part(from, to float64) Split { return partSplit{from, to} }

// Files is whole files: of n files, in alphabetical order, those from
// round(from·n) to before round(to·n). The source must be one of files.
func Files(from, to float64) Split { return filesSplit{from, to} }

// Random chooses each row on its own, with the probability to-from: the row is
// of the split if its random number, which depends on the seed and the number of
// the row alone, lies in [from, to). Extents are still read whole, so a split of
// a few rows costs as much reading as all of them.
func Random(seed uint64, from, to float64) Split { return randomSplit{seed, from, to} }

type rowsSplit struct{ from, to int }

func (s rowsSplit) String() string { return fmt.Sprintf("Rows(%d, %d)", s.from, s.to) }

func (s rowsSplit) choose(src source.Source) (source.Range, func(int) bool, error) {
	r := source.Range{From: s.from, To: s.to}
	return r, nil, r.Check(src.Rows())
}

type partSplit struct{ from, to float64 }

func (s partSplit) String() string { return fmt.Sprintf("Part(%g, %g)", s.from, s.to) }

func (s partSplit) choose(src source.Source) (source.Range, func(int) bool, error) {
	return share(s.from, s.to, src.Rows()), nil, checkShares(s.from, s.to)
}

type filesSplit struct{ from, to float64 }

func (s filesSplit) String() string { return fmt.Sprintf("Files(%g, %g)", s.from, s.to) }

func (s filesSplit) choose(src source.Source) (source.Range, func(int) bool, error) {
	if err := checkShares(s.from, s.to); err != nil {
		return source.Range{}, nil, err
	}
	parted, ok := src.(source.Parted)
	if !ok {
		return source.Range{}, nil, fmt.Errorf("%w: a source of %T does not consist of files", source.ErrFormat, src)
	}
	parts := parted.Parts()
	of := share(s.from, s.to, len(parts))
	if of.Len() == 0 {
		return source.Range{}, nil, fmt.Errorf("%w: none of %d files", source.ErrRange, len(parts))
	}
	return source.Range{From: parts[of.From].From, To: parts[of.To-1].To}, nil, nil
}

type randomSplit struct {
	seed     uint64
	from, to float64
}

func (s randomSplit) String() string { return fmt.Sprintf("Random(%d, %g, %g)", s.seed, s.from, s.to) }

func (s randomSplit) choose(src source.Source) (source.Range, func(int) bool, error) {
	stream := philox.NewStream(s.seed, splitStream)
	chosen := func(row int) bool {
		at := stream.At(uint64(row))
		u := at.Float64()
		return u >= s.from && u < s.to
	}
	return source.Range{From: 0, To: src.Rows()}, chosen, checkShares(s.from, s.to)
}

// share is the part of n things from one share to another.
func share(from, to float64, n int) source.Range {
	return source.Range{From: int(math.Round(from * float64(n))), To: int(math.Round(to * float64(n)))}
}

func checkShares(from, to float64) error {
	if !(from >= 0 && from < to && to <= 1) { // NaN neither
		return fmt.Errorf("%w: shares must be 0 <= from < to <= 1", source.ErrRange)
	}
	return nil
}
