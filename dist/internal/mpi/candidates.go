package mpi

import (
	"path/filepath"
	"slices"
)

// family is a group of libraries with one launcher.
type family struct {
	launched []string            // variables that its launcher sets in every process
	files    map[string][]string // names of the library by GOOS, best first
}

// Debian calls MPICH's library libmpich.so.12. MPICH 5.0.0 and 5.0.1 called that of
// the standard ABI libmpi_abi.so.0 by mistake.
var families = []family{
	{
		launched: []string{"OMPI_COMM_WORLD_SIZE"},
		files: map[string][]string{
			"linux":  {"libmpi.so.40", "libmpi.so.20"},
			"darwin": {"libmpi.40.dylib", "libmpi.20.dylib"},
		},
	},
	{
		launched: []string{"PMI_RANK", "PMI_SIZE", "MPI_LOCALRANKID"},
		files: map[string][]string{
			"linux":  {"libmpi.so.12", "libmpich.so.12"},
			"darwin": {"libmpi.12.dylib", "libmpich.12.dylib"},
		},
	},
	{
		files: map[string][]string{
			"linux":  {"libmpi_abi.so.1", "libmpi_abi.so.0", "libmpi.so"},
			"darwin": {"libmpi_abi.1.dylib", "libmpi_abi.0.dylib", "libmpi.dylib"},
		},
	},
}

// homes are where macOS keeps libraries that its loader does not look for.
var homes = map[string][]string{"darwin": {"", "/opt/homebrew/lib", "/usr/local/lib", "/opt/local/lib"}}

// candidates lists the libraries to try, in order: first those of the launcher
// that has started this process, if one has.
func candidates(goos string, lookup func(string) (string, bool)) []string {
	ordered := slices.Clone(families)
	slices.SortStableFunc(ordered, func(a, b family) int { return b.started(lookup) - a.started(lookup) })
	var names []string
	for _, f := range ordered {
		names = append(names, f.files[goos]...)
	}
	if homes[goos] == nil {
		return names
	}
	var paths []string
	for _, name := range names {
		for _, home := range homes[goos] {
			paths = append(paths, filepath.Join(home, name))
		}
	}
	return paths
}

// started is 1 if the family's launcher has started this process, else 0.
func (f family) started(lookup func(string) (string, bool)) int {
	for _, name := range f.launched {
		if _, ok := lookup(name); ok {
			return 1
		}
	}
	return 0
}
