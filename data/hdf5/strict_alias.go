package hdf5

import (
	"fmt"
	"path"
	"strings"

	"github.com/cascade-hpc/cascade/data/internal/h5"
	"github.com/cascade-hpc/cascade/data/source"
)

// aliases finds data sets that have several names, which lie in the same bytes and
// need to be read once: of each name but the first, the first.
func (f *File) aliases() (map[string]string, error) {
	lib, err := f.handle.library()
	var objects []h5.Object
	if err == nil {
		objects, err = lib.Objects()
	}
	if err != nil {
		return nil, fmt.Errorf("hdf5: %s: %w", f.Path(), corrupt(err))
	}
	same, err := sameObjects(objects)
	if err != nil {
		return nil, fmt.Errorf("hdf5: %s: %w", f.Path(), err)
	}
	return same, nil
}

// A hardLink is a name in a group, which may itself have several.
type hardLink struct {
	group uint64 // address, 0 for the root
	name  string
}

// sameObjects also compares how often a data set is linked with how often it says
// it is: a damaged link may lead to another data set, good numbers and all.
func sameObjects(objects []h5.Object) (map[string]string, error) {
	groups := map[string]uint64{}
	firsts := map[uint64]string{}
	links := map[uint64]map[hardLink]bool{}
	same := map[string]string{}
	for _, o := range objects {
		switch {
		case o.Link != h5.HardLink:
			continue
		case !o.Dataset:
			groups[o.Path] = o.Address
			continue
		}
		dir, name := path.Split(o.Path)
		link := hardLink{groups[strings.TrimSuffix(dir, "/")], name}
		first, again := firsts[o.Address]
		if !again {
			firsts[o.Address] = o.Path
			links[o.Address] = map[hardLink]bool{link: true}
			continue
		}
		same[o.Path] = first
		links[o.Address][link] = true
		if n := len(links[o.Address]); n > 1 && n > o.Links {
			return nil, fmt.Errorf("%w: the names %q and %q lead to the same data set, which has %d names", source.ErrCorrupt, first, o.Path, o.Links)
		}
	}
	return same, nil
}
