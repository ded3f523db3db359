package hdf5

import (
	"fmt"
	"strings"

	"github.com/cascade-hpc/cascade/data/internal/h5"
	"github.com/cascade-hpc/cascade/data/source"
)

// numberName is NumPy's name of a numeric type, "" for any other type.
func numberName(t h5.Type) string {
	switch t.Class {
	case h5.Integer, h5.Enum: // h5py stores bool as an enumeration
		switch t.Size {
		case 1, 2, 4, 8:
			if t.Signed {
				return fmt.Sprintf("int%d", 8*t.Size)
			}
			return fmt.Sprintf("uint%d", 8*t.Size)
		}
	case h5.Float:
		return map[[3]int]string{
			{2, 5, 10}: "float16", {2, 8, 7}: "bfloat16", {4, 8, 23}: "float32", {8, 11, 52}: "float64",
		}[[3]int{t.Size, t.Exponent, t.Mantissa}]
	}
	return ""
}

func typeName(t h5.Type) string {
	if name := numberName(t); name != "" {
		return name
	}
	if t.Class == h5.Float || t.Class == h5.Integer {
		return fmt.Sprintf("%s of %d bytes", t.Class, t.Size)
	}
	return t.Class.String()
}

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

func checkFilters(d h5.Description) error {
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
