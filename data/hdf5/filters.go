package hdf5

import (
	"errors"
	"fmt"
	"strings"

	"github.com/cascade-hpc/cascade/data/internal/filter"
	"github.com/cascade-hpc/cascade/data/internal/h5"
	"github.com/cascade-hpc/cascade/data/source"
)

// The filters of the registry that people meet, and where the ones that
// libhdf5 does not bring itself come from.
var filters = map[int]struct{ name, from string }{
	1:     {name: "gzip"},
	2:     {name: "shuffle"},
	3:     {name: "fletcher32"},
	4:     {name: "szip"},
	5:     {name: "nbit"},
	6:     {name: "scaleoffset"},
	307:   {"bzip2", "hdf5-filter-plugin"},
	32000: {"lzf", "hdf5-plugin-lzf"},
	32001: {"blosc", "hdf5-filter-plugin-blosc-serial"},
	32004: {"lz4", "hdf5-filter-plugin"},
	32008: {"bitshuffle", "hdf5-filter-plugin"},
	32013: {"zfp", "hdf5-filter-plugin-zfp-serial"},
	32015: {"zstd", "python3-hdf5plugin"},
	32026: {"blosc2", "python3-hdf5plugin"},
}

func filterName(f h5.Filter) string {
	if known, ok := filters[f.ID]; ok {
		return known.name
	}
	if name := strings.TrimSpace(f.Name); name != "" {
		return name
	}
	return fmt.Sprintf("filter %d", f.ID)
}

// checkFilters accepts what can be decoded, here or by libhdf5.
func checkFilters(d h5.Description) error {
	kind, _ := kindOf(d.Type)
	if isStoredAs(d.Type, kind) {
		_, err := newPipeline(d)
		if !errors.Is(err, filter.ErrUnsupported) {
			return err
		}
	}
	for _, f := range d.Filters {
		known, ok := filters[f.ID]
		switch {
		case !ok:
			return fmt.Errorf("%w: unknown filter %d (%q)", source.ErrRefused, f.ID, f.Name)
		case h5.FilterAvailable(f.ID):
		case known.from == "":
			return fmt.Errorf("%w: this libhdf5 %s was built without the filter %s", source.ErrRefused, h5.Version(), known.name)
		default:
			return fmt.Errorf("%w: the filter %s (%d) is not installed: install %s (its name in Debian), or rewrite the file with gzip (h5repack -f GZIP=4)",
				source.ErrRefused, known.name, f.ID, known.from)
		}
	}
	return nil
}

// newPipeline makes the decoder of a data set's chunks, nil where they have no
// filters. Errors: filter.ErrUnsupported, source.ErrCorrupt.
func newPipeline(d h5.Description) (*filter.Pipeline, error) {
	if len(d.Filters) == 0 {
		return nil, nil
	}
	var steps []filter.Step
	for _, f := range d.Filters {
		steps = append(steps, filter.Step{ID: f.ID, Params: f.Params})
	}
	bytes := d.Type.Size
	for _, n := range d.Chunk {
		bytes *= int(n) // checkSize has bounded it
	}
	p, err := filter.New(steps, bytes, d.Type.Size)
	if err != nil && !errors.Is(err, filter.ErrUnsupported) {
		err = fmt.Errorf("%w: %w", source.ErrCorrupt, err)
	}
	return p, err
}
