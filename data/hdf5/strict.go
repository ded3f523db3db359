package hdf5

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/cascade-hpc/cascade/data/internal/h5"
	"github.com/cascade-hpc/cascade/data/source"
)

// Strict opens files after it has verified them: a child process opens each one,
// lists what is in it and reads and decodes all of it. libhdf5 trusts the
// metadata of a file, and one damaged byte of them can crash or hang it; in the
// child that is an error that names the file. So is a data set of which a part was
// never written, and one of numbers in a format that no machine has. The zero value
// is ready to use.
//
// Everything is read once more than training needs. From memory, two cores verify
// 3 GB of plain data a second with checksums, or 0.6 GB of gzip
// (go test -bench Verify ./data/hdf5); a start takes some 10 ms.
//
// The child is this program, started again: the package finds itself in it
// before main, and main does not run. What it can not promise: that nobody
// changes a file after it was verified; that data without a checksum
// (Verified.Unchecked) are those that were written; that metadata without
// checksums, such as h5py writes unless it is told libver="latest", are right where
// they do not contradict each other; that a damage which by luck did no harm in
// the child does none in this process.
type Strict struct {
	// Timeout is how long one file may take; 0 is a minute and a second for every
	// 4 MiB.
	Timeout time.Duration
	// Memory is how many bytes a child may allocate, at least 64 MiB; 0 is 4 GiB.
	// The limit holds on Linux.
	Memory int64
	// Children is how many files are verified at a time, 0 is one for each core.
	Children int
	// Progress, unless nil, is called after each file, one call at a time.
	Progress func(v Verified, done, of int)
}

// leastMemory is what libhdf5 and the runtime need for any file.
const leastMemory = 64 << 20

// Verified is what a child found in a file.
type Verified struct {
	Path     string
	Datasets int   // read; one with several names is one
	Bytes    int64 // of their elements
	// Refused are the data sets that cannot be read in any case, by their names
	// with the reasons.
	Refused []string
	// Unchecked are the data sets that have, at least in part, no checksum and no
	// compression with one: a flipped bit there is a number like any other. Rows of
	// variable length have none whatever their filters, nor has a chunk to which
	// its writer did not apply them.
	Unchecked []string
	// Unwritten are the data sets of which nothing was ever written, so that they
	// hold what the file gives for that, mostly 0.
	Unwritten []string
	Elapsed   time.Duration
	Err       error
}

// Verify verifies files; see Strict.
func Verify(paths ...string) error {
	_, err := Strict{}.Verify(context.Background(), paths...)
	return err
}

// Verify verifies files, several at a time, and tells of each in the order given.
// The error joins those of all files: source.ErrCorrupt where the child crashed,
// hung or found damage; source.ErrFormat, source.ErrRefused, those of os.Open, and
// ErrUnavailable.
func (s Strict) Verify(ctx context.Context, paths ...string) ([]Verified, error) {
	if s.Timeout < 0 || s.Memory < 0 || s.Memory > 0 && s.Memory < leastMemory || s.Children < 0 {
		return nil, fmt.Errorf("hdf5: Strict: %w: Timeout %v, Memory %d (at least %d), Children %d",
			source.ErrRange, s.Timeout, s.Memory, leastMemory, s.Children)
	}
	found := make([]Verified, len(paths))
	cores := runtime.GOMAXPROCS(0)
	children := s.Children
	if children == 0 {
		children = cores
	}
	children = max(1, min(children, len(paths)))
	next := make(chan int)
	var running sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for range children {
		running.Go(func() {
			for i := range next {
				found[i] = s.verify(ctx, paths[i], max(1, cores/children))
				mu.Lock()
				done++
				if s.Progress != nil {
					s.Progress(found[i], done, len(paths))
				}
				mu.Unlock()
			}
		})
	}
	for i := range paths {
		next <- i
	}
	close(next)
	running.Wait()
	var errs []error
	for _, v := range found {
		errs = append(errs, v.Err)
	}
	return found, errors.Join(errs...)
}

// verify verifies one file. What can be found without libhdf5 is found here.
func (s Strict) verify(ctx context.Context, path string, workers int) Verified {
	start := time.Now()
	v := Verified{Path: path}
	if v.Err = ctx.Err(); v.Err == nil {
		v.Err = checkSignature(path)
	}
	switch {
	case v.Err != nil:
	case !h5.Available:
		v.Err = fmt.Errorf("hdf5: %s: %w", path, ErrUnavailable)
	default:
		v = s.inChild(ctx, path, workers)
	}
	v.Elapsed = time.Since(start)
	return v
}

// Open verifies a file and opens it. Errors: those of Verify and Open, and
// source.ErrCorrupt if the file changed in between.
func (s Strict) Open(path string) (*File, error) {
	before, err := s.states(path)
	if err != nil {
		return nil, err
	}
	f, err := Open(path)
	if err == nil {
		err = unchanged(before, path)
	}
	if err != nil && f != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, err
}

// OpenSource verifies files and opens them as OpenSource does.
func (s Strict) OpenSource(paths []string, fields ...string) (*Source, error) {
	before, err := s.states(paths...)
	if err != nil {
		return nil, err
	}
	src, err := OpenSource(paths, fields...)
	if err == nil {
		err = unchanged(before, paths...)
	}
	if err != nil && src != nil {
		return nil, errors.Join(err, src.Close())
	}
	return src, err
}

// states verifies files and returns what they were when that began.
func (s Strict) states(paths ...string) ([]os.FileInfo, error) {
	var infos []os.FileInfo
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, fmt.Errorf("hdf5: %w", err)
		}
		infos = append(infos, info)
	}
	_, err := s.Verify(context.Background(), paths...)
	return infos, err
}

func unchanged(before []os.FileInfo, paths ...string) error {
	for i, path := range paths {
		now, err := os.Stat(path)
		if err != nil {
			return fmt.Errorf("hdf5: %w", err)
		}
		if was := before[i]; !os.SameFile(now, was) || now.Size() != was.Size() || !now.ModTime().Equal(was.ModTime()) {
			return fmt.Errorf("hdf5: %s: %w: the file changed while it was verified", path, source.ErrCorrupt)
		}
	}
	return nil
}
