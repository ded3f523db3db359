package hdf5

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

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
	var all places
	for _, s := range f.sets {
		info := s.Info
		if err := checkPlausible(s); errors.Is(err, source.ErrCorrupt) {
			return v, errors.Join(fmt.Errorf("hdf5: %s: data set %q: %w", path, info.Name, err), f.Close())
		}
		if info.Err != nil {
			v.Refused = append(v.Refused, fmt.Sprintf("%s: %v", info.Name, info.Err))
			continue
		}
		if err := v.dataset(f, info, &all, workers); err != nil {
			return v, errors.Join(err, f.Close())
		}
	}
	if err := all.check(); err != nil {
		return v, errors.Join(fmt.Errorf("hdf5: %s: %w", path, err), f.Close())
	}
	return v, f.Close()
}

func (v *Verified) dataset(f *File, info Info, all *places, workers int) error {
	ds, err := f.Dataset(info.Name)
	if err != nil {
		return err
	}
	if !slices.Contains(info.Filters, "fletcher32") && !slices.Contains(info.Filters, "gzip") {
		v.Unchecked = append(v.Unchecked, info.Name)
	}
	extents, whole, err := ds.written()
	if err != nil {
		return err
	}
	all.add(info.Name, extents)
	if !whole {
		v.Unwritten = append(v.Unwritten, info.Name)
	}
	v.Datasets++
	n, err := ds.readEverything(workers)
	v.Bytes += n
	return err
}
