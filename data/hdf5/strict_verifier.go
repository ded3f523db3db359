package hdf5

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/cascade-hpc/cascade/data/source"
)

// A program that finds the variable is a child. It must not reach main, or the
// tests of a test program.
func init() {
	if spec, ok := os.LookupEnv(childVariable); ok {
		os.Exit(verifyAsChild(spec))
	}
}

// verifyAsChild does the task and answers on file 3.
func verifyAsChild(spec string) int {
	go func() {
		io.Copy(io.Discard, os.Stdin) // ends when the parent does
		os.Exit(3)
	}()
	var t task
	if err := json.Unmarshal([]byte(spec), &t); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", childVariable, err)
		return 2
	}
	if err := limitMemory(t.Memory); err != nil {
		fmt.Fprintf(os.Stderr, "the limit of %d bytes of memory: %v\n", t.Memory, err)
		return 2
	}
	v, err := verifyFile(t.Path, t.Workers)
	a := answer{Verified: v}
	if err != nil {
		a.Error = err.Error()
		for _, r := range reasons {
			if errors.Is(err, r) {
				a.Kinds = append(a.Kinds, r.Error())
			}
		}
	}
	if err := json.NewEncoder(os.NewFile(3, "answer")).Encode(a); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	return 0
}

// verifyFile reads everything that can be read.
func verifyFile(path string, workers int) (Verified, error) {
	v := Verified{Path: path}
	f, err := Open(path)
	if err != nil {
		return v, err
	}
	for _, info := range f.Datasets() {
		if errors.Is(info.Err, source.ErrCorrupt) {
			return v, errors.Join(fmt.Errorf("hdf5: %s: data set %q: %w", path, info.Name, info.Err), f.Close())
		}
		if info.Err != nil {
			v.Refused = append(v.Refused, fmt.Sprintf("%s: %v", info.Name, info.Err))
			continue
		}
		if err := v.dataset(f, info, workers); err != nil {
			return v, errors.Join(err, f.Close())
		}
	}
	return v, f.Close()
}

func (v *Verified) dataset(f *File, info Info, workers int) error {
	ds, err := f.Dataset(info.Name)
	if err != nil {
		return err
	}
	if !slices.Contains(info.Filters, "fletcher32") && !slices.Contains(info.Filters, "gzip") {
		v.Unchecked = append(v.Unchecked, info.Name)
	}
	v.Datasets++
	v.Bytes += 4 * int64(ds.Rows()) * int64(ds.RowSize())
	return readEverything(ds, workers)
}

// readEverything reads a data set a run of chunks at a time.
func readEverything(ds *Dataset, workers int) error {
	rows := max(1, (1<<20)/(4*ds.RowSize()))
	if chunk := ds.info.Chunk; chunk != nil {
		rows = (rows-1)/chunk[0]*chunk[0] + chunk[0]
	}
	rows = min(rows, ds.Rows())
	var next atomic.Int64
	errs := make([]error, workers)
	var running sync.WaitGroup
	for w := range workers {
		running.Go(func() {
			dst := make([]float32, rows*ds.RowSize())
			for errs[w] == nil {
				first := int(next.Add(int64(rows))) - rows
				if first >= ds.Rows() {
					return
				}
				n := min(rows, ds.Rows()-first)
				errs[w] = ds.ReadRows(dst[:n*ds.RowSize()], first, n)
			}
		})
	}
	running.Wait()
	return errors.Join(errs...)
}
