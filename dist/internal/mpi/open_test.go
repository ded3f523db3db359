package mpi

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCandidatesBeginWithTheFamilyOfTheLauncher(t *testing.T) {
	tests := map[string]struct {
		goos, launched string
		want           []string
	}{
		"no launcher": {"linux", "", []string{
			"libmpi.so.40", "libmpi.so.20", "libmpi.so.12", "libmpich.so.12", "libmpi_abi.so.1", "libmpi_abi.so.0", "libmpi.so",
		}},
		"Open MPI's mpirun": {"linux", "OMPI_COMM_WORLD_SIZE", []string{
			"libmpi.so.40", "libmpi.so.20", "libmpi.so.12", "libmpich.so.12", "libmpi_abi.so.1", "libmpi_abi.so.0", "libmpi.so",
		}},
		"Hydra, or srun --mpi=pmi2": {"linux", "PMI_RANK", []string{
			"libmpi.so.12", "libmpich.so.12", "libmpi.so.40", "libmpi.so.20", "libmpi_abi.so.1", "libmpi_abi.so.0", "libmpi.so",
		}},
		"an unknown system": {"plan9", "PMI_RANK", nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			lookup := func(name string) (string, bool) { return "1", name == test.launched }
			assert.Equal(t, test.want, candidates(test.goos, lookup))
		})
	}
}

func TestCandidatesOnMacOSLieInTheHomesOfPackageManagers(t *testing.T) {
	got := candidates("darwin", func(name string) (string, bool) { return "", name == "MPI_LOCALRANKID" })
	require.Len(t, got, 7*4)
	assert.Equal(t, []string{
		"libmpi.12.dylib", "/opt/homebrew/lib/libmpi.12.dylib", "/usr/local/lib/libmpi.12.dylib", "/opt/local/lib/libmpi.12.dylib",
		"libmpich.12.dylib",
	}, got[:5])
}

func TestOpenTellsWhatItTriedAndWhatToInstall(t *testing.T) {
	_, err := Open("/nowhere/libmpi.so.40")
	require.ErrorIs(t, err, ErrNoLibrary)
	assert.ErrorContains(t, err, "mpi: no MPI library opens:\n  /nowhere/libmpi.so.40: ")
	assert.ErrorContains(t, err, "apt-get install openmpi-bin")
	assert.ErrorContains(t, err, "CASCADE_LIBMPI=")

	t.Setenv("CASCADE_LIBMPI", "/elsewhere/libmpi.so")
	_, err = Open("")
	require.ErrorIs(t, err, ErrNoLibrary)
	assert.ErrorContains(t, err, "  /elsewhere/libmpi.so: ")
}

func TestOpenRefusesALibraryWithoutMPI(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("libc.so.6 is Linux's")
	}
	_, err := Open("libc.so.6")
	require.ErrorIs(t, err, ErrNoLibrary)
	assert.ErrorContains(t, err, "libc.so.6: not a complete MPI library: ")
	assert.ErrorContains(t, err, "MPI_Abort")
}

func TestTitlesOfLibrariesAreShort(t *testing.T) {
	tests := map[string]string{
		"Open MPI v4.1.4, package: Debian OpenMPI, ident: 4.1.4, repo rev: v4.1.4, May 26, 2022\x00":     "Open MPI v4.1.4",
		"MPICH Version:      4.0.2\nMPICH Release date: Thu Apr  7 12:34:45 CDT 2022\nMPICH ABI: 14:2:2": "MPICH Version: 4.0.2",
		"Intel(R) MPI Library 2021.13 for Linux* OS\n":                                                   "Intel(R) MPI Library 2021.13 for Linux* OS",
	}
	for text, want := range tests {
		assert.Equal(t, want, title(text))
	}
}

func TestNamesAreThoseOfMPI(t *testing.T) {
	assert.Equal(t, "MPI_INT64_T", Int64.String())
	assert.Equal(t, "MPI_MIN", Min.String())
	assert.Equal(t, "MPI_THREAD_MULTIPLE", Multiple.String())
	assert.Equal(t, "not initialised", ThreadLevel(0).String())
	for f, name := range functionNames {
		assert.Contains(t, name, "MPI_", "function %d has no name", f)
	}
}
