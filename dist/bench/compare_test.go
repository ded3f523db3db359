package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/cli"
)

// TestCompareRunsTheTwinInC under each MPI that is there with its compiler: both measure
// the same lengths, and find the sums that are known.
func TestCompareRunsTheTwinInC(t *testing.T) {
	self := filepath.Join(t.TempDir(), "bench")
	out, err := exec.Command("go", "build", "-o", self, ".").CombinedOutput()
	require.NoError(t, err, "%s", out)
	for family, launch := range map[string]string{
		"openmpi": "mpirun.openmpi --allow-run-as-root --oversubscribe --bind-to none -n 2",
		"mpich":   "mpirun.mpich -n 2",
	} {
		t.Run(family, func(t *testing.T) {
			compiler := "mpicc." + family
			header := exec.Command(compiler, "-fsyntax-only", "-x", "c", "-") // compilers come without it
			header.Stdin = strings.NewReader("#include <mpi.h>")
			if err := header.Run(); err != nil {
				t.Skipf("there is no %s with its mpi.h: scripts/install-mpi installs it", compiler)
			}
			dir := t.TempDir()
			twin, file := filepath.Join(dir, "twin"), filepath.Join(dir, "compare.json")
			out, err := exec.Command(compiler, "-Wall", "-Werror", "-O2", "-o", twin, "c/allreduce.c").CombinedOutput()
			require.NoError(t, err, "%s", out)
			out, err = exec.Command(self, "compare", "--launch", launch, "--twin", twin, "--rounds", "1", "--max", "65536", "--out", file).CombinedOutput()
			require.NoError(t, err, "%s", out)
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			var list []contest
			require.NoError(t, json.Unmarshal(text, &list))
			require.Len(t, list, 3)
			for i, bytes := range []int{4096, 16384, 65536} {
				assert.Equal(t, bytes, list[i].Bytes)
				assert.Equal(t, 2, list[i].Ranks)
				for _, us := range [][]float64{list[i].C, list[i].Dist, list[i].Calls, list[i].Local} {
					require.Len(t, us, 1)
					assert.Positive(t, us[0])
				}
				assert.Contains(t, string(out), fmt.Sprintf("%12d", bytes))
			}
		})
	}
}

func TestCompareSaysWhatItNeeds(t *testing.T) {
	_, err := bench(t, "compare", "--launch", "mpirun -n 2")
	assert.ErrorIs(t, err, cli.ErrUsage)
	_, err = timingsOf(t.Context(), "", []string{"echo", "no JSON"})
	assert.ErrorContains(t, err, "echo no JSON printed no timings")
	_, err = timingsOf(t.Context(), "", []string{"true"})
	assert.ErrorContains(t, err, "printed no timings")
	list, err := timingsOf(t.Context(), "TWIN=5", []string{"sh", "-c", `echo '{"bytes":'$TWIN'}'`})
	require.NoError(t, err)
	assert.Equal(t, []timing{{Bytes: 5}}, list)
}

// TestSpeedIsRoundByRound: what slows down a whole round does not count.
func TestSpeedIsRoundByRound(t *testing.T) {
	c, dist := []float64{10, 100, 10, 30}, []float64{20, 200, 5, 60}
	assert.Equal(t, 0.5, speed(c, dist))
	var out bytes.Buffer
	printContests(&out, []contest{{Bytes: 4096, C: c, Dist: dist, Calls: c, Local: dist}})
	assert.Regexp(t, ` 4096 +20\.00 +40\.00 +50% +20\.00 +100% +40\.00 +50%\n`, out.String())
}
