package data

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/cascade-hpc/cascade/data/source"
)

// Pipeline says how the rows of files become batches. It is a value that never
// changes: every method returns a changed copy, so pipelines for training and
// for validation can share a beginning. Nothing is opened, and no mistake is
// reported, before Loader.
//
//	loader, err := data.Open("showers/*.h5").
//		Fields("ECAL").
//		Split(data.Part(0, 0.9)).
//		Shuffle(seed, 0).
//		Batch(64, data.Drop).
//		Loader()
type Pipeline struct {
	patterns []string
	from     source.Source
	strict   bool
	asked    []asked
	split    Split
	rank     int
	size     int
	shuffle  bool
	seed     uint64
	budget   int64
	maps     []Transform
	workers  int
	batch    int
	policy   Policy
	skips    bool
	skip     int
	any      bool // NaN and infinities too
	cache    int64
	queue    int
	mistakes []error
}

// asked is a field of the source and how it is wanted.
type asked struct {
	name string
	as   as
}

type as uint8

const (
	asFloat32 as = iota
	asInt64
	asStored
)

// Policy says what becomes of the rows at the end of an epoch that do not fill a
// batch on every rank.
type Policy uint8

const (
	// Drop leaves them out. Shuffled, other rows are left out in each epoch.
	Drop Policy = iota + 1
	// Pad delivers them in batches that are filled up with zeros, whose Mask is 0:
	// every row counts once, and every rank makes the same number of steps.
	Pad
)

const (
	shuffleBudget = 256 << 20
	readBudget    = 64 << 20
	defaultQueue  = 2
	mostWorkers   = 8
	mostMaps      = 64
)

// Open begins a pipeline with the files that the patterns stand for (those of
// path/filepath.Match), in alphabetical order whatever the order given: HDF5
// files or shard files, told apart by what they begin with. The loader opens
// them, and closes them in its Close. A pattern that no file matches is an error.
func Open(patterns ...string) Pipeline {
	p := begin()
	p.patterns = append([]string{}, patterns...)
	if len(patterns) == 0 {
		return p.mistake("Open", "%w: no files were named", source.ErrMissing)
	}
	return p
}

// From begins a pipeline with a source that is open. Loaders do not close it, so
// several may share it.
func From(src source.Source) Pipeline {
	p := begin()
	p.from = src
	if src == nil {
		return p.mistake("From", "%w: the source is nil", source.ErrMissing)
	}
	return p
}

func begin() Pipeline {
	return Pipeline{split: Part(0, 1), size: 1, budget: readBudget, queue: defaultQueue}
}

// Strict verifies HDF5 files before they are opened: child processes read and
// decode all of each, so that a file which would crash libhdf5 is an error that
// names it. See hdf5.Strict for what it costs and cannot promise. Shards need
// none of it: every read of theirs compares checksums.
func (p Pipeline) Strict() Pipeline {
	p.strict = true
	if p.patterns == nil {
		return p.mistake("Strict", "%w: a source that is open already cannot be verified; begin with Open", source.ErrFormat)
	}
	return p
}

// Fields adds fields that arrive as float32, whatever the stored kind: float64
// and large integers are rounded.
func (p Pipeline) Fields(names ...string) Pipeline { return p.ask("Fields", asFloat32, names) }

// Ints adds fields that arrive as int64. A number that is no integer is an error
// that names the file and the row.
func (p Pipeline) Ints(names ...string) Pipeline { return p.ask("Ints", asInt64, names) }

// Raw adds fields that arrive as they are stored: images of uint8, or strings of
// source.Bytes.
func (p Pipeline) Raw(names ...string) Pipeline { return p.ask("Raw", asStored, names) }

func (p Pipeline) ask(method string, how as, names []string) Pipeline {
	if len(names) == 0 {
		return p.mistake(method, "%w: no fields were named", source.ErrMissing)
	}
	p.asked = slices.Clone(p.asked)
	for _, name := range names {
		if slices.ContainsFunc(p.asked, func(a asked) bool { return a.name == name }) {
			p = p.mistake(method, "%w: %q was asked for already", source.ErrShape, name)
			continue
		}
		p.asked = append(p.asked, asked{name, how})
	}
	return p
}

// Split keeps the rows of one split, in place of all of them. A later Split
// replaces an earlier one.
func (p Pipeline) Split(s Split) Pipeline {
	p.split = s
	if s == nil {
		return p.mistake("Split", "%w: the split is nil", source.ErrMissing)
	}
	return p
}

// Shard keeps the share of one of size ranks that train together. Every rank
// makes the same number of steps; together they see what one rank would in
// batches of size·n rows.
func (p Pipeline) Shard(rank, size int) Pipeline {
	p.rank, p.size = rank, size
	if size < 1 || size > math.MaxInt32 || rank < 0 || rank >= size {
		return p.mistake("Shard", "%w: rank %d of %d", source.ErrRange, rank, size)
	}
	return p
}

// Shuffle visits the rows in an order that depends on the seed, the epoch and
// the position alone, not on ranks, workers or the size of batches; without it
// they come as stored, read up to 64 MiB ahead. bytes is the memory for decoded rows, 256 MiB if 0: the
// source's extents are shuffled as wholes, and rows among the extents that fit
// into half of it. It is part of the order: another budget, other fields (since
// a row then takes other memory) or another split give another one.
//
// A single extent that is larger than half the budget is still read whole, and
// strings are taken to be as long as those of the first extent are on average.
func (p Pipeline) Shuffle(seed uint64, bytes int64) Pipeline {
	p.shuffle, p.seed, p.budget = true, seed, bytes
	if bytes == 0 {
		p.budget = shuffleBudget
	}
	if bytes < 0 {
		return p.mistake("Shuffle", "%w: a budget of %d bytes", source.ErrRange, bytes)
	}
	return p
}

// Map adds a transform that changes each row on its way into the batch, after
// those added before. workers goroutines read, decode and transform: the largest
// number that any Map asks for, or, if all are 0, one for each CPU that Go uses,
// at most 8. Their number never changes a result.
func (p Pipeline) Map(t Transform, workers int) Pipeline {
	switch {
	case t == nil:
		return p.mistake("Map", "%w: the transform is nil", source.ErrMissing)
	case workers < 0:
		return p.mistake("Map", "%w: %d workers", source.ErrRange, workers)
	case len(p.maps) == mostMaps:
		return p.mistake("Map", "%w: more than %d transforms", source.ErrRange, mostMaps)
	}
	p.maps = append(slices.Clip(p.maps), t)
	p.workers = max(p.workers, workers)
	return p
}

// Batch sets the number of rows of a batch on each rank, and what becomes of the
// rows at the end of an epoch.
func (p Pipeline) Batch(n int, last Policy) Pipeline {
	p.batch, p.policy = n, last
	if n < 1 || n > math.MaxInt32 {
		p = p.mistake("Batch", "%w: %d rows", source.ErrRange, n)
	}
	if last != Drop && last != Pad {
		p = p.mistake("Batch", "%w: policy %d is neither Drop nor Pad", source.ErrRange, last)
	}
	return p
}

// Skip tolerates rows that are damaged or not finite, that are no integers where
// Ints asks for them, or that a transform refuses. Such a slot of a batch gets a
// copy of a good row of the batch (zeros, if there is none) and Mask 0, so that
// ranks stay in step, and the row is counted; more than limit on a rank since its
// last Seek are an error, ErrSkipped. By default the first one is an error.
func (p Pipeline) Skip(limit int) Pipeline {
	p.skips, p.skip = true, limit
	if limit < 0 {
		return p.mistake("Skip", "%w: a limit of %d rows", source.ErrRange, limit)
	}
	return p
}

// AllowNotFinite lets NaN and infinities through. By default they are an error
// that names the file, the data set and the row.
func (p Pipeline) AllowNotFinite() Pipeline {
	p.any = true
	return p
}

// Cache keeps decoded rows, as stored, from one epoch to the next, up to a number
// of bytes, beside the budget of Shuffle. Rows that do not fit are decoded again
// in each epoch. A data set that fits into half the budget needs no cache: it is
// kept in any case.
func (p Pipeline) Cache(bytes int64) Pipeline {
	p.cache = bytes
	if bytes < 0 {
		return p.mistake("Cache", "%w: %d bytes", source.ErrRange, bytes)
	}
	return p
}

// Prefetch sets how many batches may be ready ahead of the one in use, 2 by
// default. Each takes the memory of a batch.
func (p Pipeline) Prefetch(k int) Pipeline {
	p.queue = k
	if k < 1 || k > math.MaxInt16 {
		return p.mistake("Prefetch", "%w: %d batches", source.ErrRange, k)
	}
	return p
}

// mistake notes what is wrong with a call, for Loader to report.
func (p Pipeline) mistake(method, format string, args ...any) Pipeline {
	err := fmt.Errorf("data: "+method+": "+format, args...)
	p.mistakes = append(slices.Clip(p.mistakes), err)
	return p
}

// check reports all mistakes that are known before anything is opened.
func (p Pipeline) check() error {
	if p.patterns == nil && p.from == nil && len(p.mistakes) == 0 {
		p = p.mistake("Pipeline", "%w: begin with Open or From", source.ErrMissing)
	}
	if len(p.asked) == 0 {
		p = p.mistake("Fields", "%w: no fields were asked for; use Fields, Ints or Raw", source.ErrMissing)
	}
	if p.batch == 0 && p.policy == 0 {
		p = p.mistake("Batch", "%w: the size of a batch was not set", source.ErrMissing)
	}
	return errors.Join(p.mistakes...)
}
