package nih

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/internal/philox"
)

// tables are the names that the table has in its editions, the one that is taken first.
var tables = []string{"Data_Entry_2017.csv", "Data_Entry_2017_v2020.csv"}

// folders are patterns of those that hold images: the NIH's one, and twelve as others
// hand them on.
var folders = []string{"images", "images_*/images"}

// Options are choices in opening a data set.
type Options struct {
	// Partial leaves out images of the lists that are not there, for those who
	// have some of the twelve archives. By default the first one is an error.
	Partial bool
}

// Dataset is what a folder holds.
type Dataset struct {
	TrainVal, Test []Entry // in the order that the package's comment tells
	Unlisted       int     // images of the table that are in neither list
	Missing        int     // images of the lists that are not there
}

// Entry is an image with what is said of it.
type Entry struct {
	Record
	Path string
}

// Open reads the table and the lists in dir, and finds the images; it opens none.
// Errors: source.ErrMissing if a file is not there or the table has no line for an
// image, source.ErrFormat for what is wrong in a file, source.ErrRange if a patient is in
// both lists.
func Open(dir string, o Options) (*Dataset, error) {
	records, err := openTable(dir)
	if err != nil {
		return nil, err
	}
	paths, err := findImages(dir)
	if err != nil {
		return nil, err
	}
	d := &Dataset{}
	for _, list := range []struct {
		name string
		to   *[]Entry
	}{{TrainValList, &d.TrainVal}, {TestList, &d.Test}} {
		missing, err := collect(filepath.Join(dir, list.name), records, paths, list.to, o)
		if err != nil {
			return nil, err
		}
		d.Missing += missing
	}
	d.Unlisted = len(records) - len(d.TrainVal) - len(d.Test) - d.Missing
	if err := apart(d.TrainVal, d.Test); err != nil {
		return nil, fmt.Errorf("nih: %s: %w", dir, err)
	}
	return d, nil
}

func openTable(dir string) (map[string]Record, error) {
	for _, name := range tables {
		records, err := readTable(filepath.Join(dir, name))
		if !errors.Is(err, fs.ErrNotExist) {
			return records, err
		}
	}
	return nil, fmt.Errorf("nih: %s: %w: neither %s nor %s is there", dir, source.ErrMissing, tables[0], tables[1])
}

// findImages lists the files in the folders of images by their names.
func findImages(dir string) (map[string]string, error) {
	paths := map[string]string{}
	for _, pattern := range folders {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return nil, fmt.Errorf("nih: %s: %w", dir, err)
		}
		for _, folder := range found {
			files, err := os.ReadDir(folder)
			if err != nil {
				return nil, fmt.Errorf("nih: %w", err)
			}
			for _, f := range files {
				path := filepath.Join(folder, f.Name())
				if before, twice := paths[f.Name()]; twice {
					return nil, fmt.Errorf("nih: %w: %s and %s have one name", source.ErrFormat, before, path)
				}
				paths[f.Name()] = path
			}
		}
	}
	return paths, nil
}

// collect makes the entries of a list and counts the images that are not there.
func collect(list string, records map[string]Record, paths map[string]string, entries *[]Entry, o Options) (missing int, err error) {
	names, err := readList(list)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, fmt.Errorf("nih: %w: %w", source.ErrMissing, err)
	}
	if err != nil {
		return 0, err
	}
	for _, name := range names {
		record, listed := records[name]
		path, there := paths[name]
		switch {
		case !listed:
			return 0, fmt.Errorf("nih: %s: %w: %s has no line in the table", list, source.ErrMissing, name)
		case there:
			*entries = append(*entries, Entry{record, path})
		case o.Partial:
			missing++
		default:
			return 0, fmt.Errorf("nih: %s: %w: the image %s is in no folder of images", list, source.ErrMissing, name)
		}
	}
	arrange(*entries)
	return missing, nil
}

// arrange sorts entries by a random number of their patients that is always the same.
func arrange(entries []Entry) {
	place := func(patient int64) uint64 {
		s := philox.NewStream(0, uint64(patient))
		return s.Uint64()
	}
	slices.SortFunc(entries, func(a, b Entry) int {
		return cmp.Or(
			cmp.Compare(place(a.Patient), place(b.Patient)),
			cmp.Compare(a.Patient, b.Patient), // of equal numbers, which hardly occur
			cmp.Compare(a.Image, b.Image),
		)
	})
}

// apart is an error if a patient is in both lists.
func apart(a, b []Entry) error {
	first := map[int64]string{}
	for _, e := range a {
		first[e.Patient] = e.Image
	}
	for _, e := range b {
		if other, both := first[e.Patient]; both {
			return fmt.Errorf("%w: patient %d is in both lists, with %s in %s and %s in %s",
				source.ErrRange, e.Patient, other, TrainValList, e.Image, TestList)
		}
	}
	return nil
}
