package hdf5

import (
	"encoding/gob"
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
	v, err := t.verifyFile()
	a := answer{Verified: v}
	if err != nil {
		a.Error = err.Error()
		for _, r := range reasons {
			if errors.Is(err, r) {
				a.Kinds = append(a.Kinds, r.Error())
			}
		}
	}
	if err := gob.NewEncoder(os.NewFile(3, "answer")).Encode(a); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	return 0
}

// verifyFile reads everything that can be read.
func (t task) verifyFile() (Verified, error) {
	var v Verified
	f, err := Open(string(t.Path))
	if err != nil {
		return v, err
	}
	err = errors.Join(t.verifySets(f, &v), f.Close())
	return v, err
}

func (t task) verifySets(f *File, v *Verified) error {
	same, err := f.aliases()
	if err != nil {
		return err
	}
	if err := readAttrs(f); err != nil {
		return err
	}
	var all places
	for _, s := range f.sets {
		info := s.Info
		if err := checkPlausible(s); errors.Is(err, source.ErrCorrupt) {
			return fmt.Errorf("hdf5: %s: data set %q: %w", f.Path(), info.Name, err)
		}
		if info.Err != nil {
			v.Refused = append(v.Refused, fmt.Sprintf("%s: %v", info.Name, info.Err))
			continue
		}
		if first, ok := same[info.Name]; ok {
			v.addName(first, info.Name)
			continue
		}
		if err := t.verifySet(f, info, v, &all); err != nil {
			return err
		}
	}
	if err := all.check(); err != nil {
		return fmt.Errorf("hdf5: %s: %w", f.Path(), err)
	}
	return nil
}

// addName gives a data set that was verified another name.
func (v *Verified) addName(first, name string) {
	for _, list := range []*[]string{&v.Unchecked, &v.Unwritten} {
		if slices.Contains(*list, first) {
			*list = append(*list, name)
		}
	}
}

func (t task) verifySet(f *File, info Info, v *Verified, all *places) error {
	ds, err := f.Dataset(info.Name)
	if err != nil {
		return err
	}
	extents, whole, err := ds.written()
	if err != nil {
		return err
	}
	checked, err := ds.checked()
	if err != nil {
		return err
	}
	if !checked {
		v.Unchecked = append(v.Unchecked, info.Name)
	}
	if err := readAttrs(ds); err != nil {
		return err
	}
	all.add(info.Name, extents)
	if !whole {
		v.Unwritten = append(v.Unwritten, info.Name)
	}
	v.Datasets++
	n, err := ds.readEverything(t)
	v.Bytes += n
	return err
}

// readAttrs reads the attributes of a file or data set, because whoever opens it
// may. One that is no single string or number is not damaged.
func readAttrs(of interface {
	AttrNames() ([]string, error)
	Attr(name string) (any, error)
},
) error {
	names, err := of.AttrNames()
	if err != nil {
		return err
	}
	for _, name := range names {
		if _, err := of.Attr(name); err != nil && !errors.Is(err, source.ErrType) {
			return err
		}
	}
	return nil
}
