package mpi

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/cascade-hpc/cascade/internal/mpijob"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// stub compiles a library of the standard ABI, as no package has one yet.
func stub(t *testing.T, file string) string {
	t.Helper()
	compiler, err := exec.LookPath("gcc")
	if err != nil {
		t.Skipf("%v: scripts/install-deps installs it", err)
	}
	path := filepath.Join(t.TempDir(), file)
	out, err := exec.Command(compiler, "-Wall", "-Werror", "-shared", "-fPIC", "-o", path, filepath.Join("testdata", "abi.c")).CombinedOutput()
	require.NoError(t, err, "%s", out)
	return path
}

func TestTheStandardABIHasTheConstantsOfMPI5(t *testing.T) {
	path := stub(t, "libmpi_abi.so.1")
	for _, role := range []string{"operations", "joined"} {
		out, err := mpijob.Alone(t, role, "CASCADE_LIBMPI="+path)
		require.NoError(t, err, "%s: %s", role, out)
		if role != "joined" {
			assert.Contains(t, out, "(MPI 5.0, MPI-5 ABI, MPI_THREAD_FUNNELED, "+path+")")
		}
	}
}

func TestLibrariesAreFoundByTheirNames(t *testing.T) {
	path := stub(t, "libmpi_abi.so.1")
	dir := filepath.Dir(path)
	out, err := mpijob.Alone(t, "start", "LD_LIBRARY_PATH="+dir, "CASCADE_LIBMPI=libmpi_abi.so.1")
	require.NoError(t, err, "%s", out)
	assert.Contains(t, out, path)
}

func TestSettingsOfLibrariesBelowAreMadeBeforeTheyLoad(t *testing.T) {
	path := stub(t, "libmpi_abi.so.1")
	out, err := mpijob.Alone(t, "start", "CASCADE_LIBMPI="+path)
	require.NoError(t, err, "%s", out)
	assert.Contains(t, out, "UCX_ERROR_SIGNALS= HFI_NO_BACKTRACE=1 IPATH_NO_BACKTRACE=1")
	out, err = mpijob.Alone(t, "start", "CASCADE_LIBMPI="+path, "UCX_ERROR_SIGNALS=SIGBUS", "HFI_NO_BACKTRACE=0")
	require.NoError(t, err, "%s", out)
	assert.Contains(t, out, "UCX_ERROR_SIGNALS=SIGBUS HFI_NO_BACKTRACE=0 IPATH_NO_BACKTRACE=1")
}

func TestLibrariesThatDoNotFitAreRefused(t *testing.T) {
	tests := map[string]struct {
		file, env, want string
	}{
		"ABI of the future": {"libmpi_abi.so.2", "STUB_ABI=2", "found version 2.0 of the standard ABI, expected 1"},
		"draft of the ABI":  {"libmpi_abi.so.12", "STUB_ABI=0", "a draft of the standard ABI"},
		"one thread only":   {"libmpi_abi.so.1", "STUB_LEVEL=0", "too little support of threads: found MPI_THREAD_SINGLE, expected MPI_THREAD_FUNNELED"},
		"unknown level":     {"libmpi_abi.so.1", "STUB_LEVEL=7", "found thread level 7, expected one of [0 1024 2048 4096]"},
		"wrong sums":        {"libmpi_abi.so.1", "STUB_SUM=1", "MPI fails its check: MPI_SUM of MPI_FLOAT -2 and 3 is 2, expected 1"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			out, err := mpijob.Alone(t, "start", "CASCADE_LIBMPI="+stub(t, test.file), test.env)
			require.Error(t, err)
			assert.Contains(t, out, test.want)
		})
	}
}
