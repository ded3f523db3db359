package slurm

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// inPBS is a job of PBS of 2 nodes with 2 ranks each.
func inPBS(t *testing.T, env ...string) *job {
	t.Helper()
	j := newJob(t, append([]string{
		"PBS_JOBID=12.server", "PBS_JOBNAME=cascade", "OMP_NUM_THREADS=3", "WALLTIME=01:00:00",
	}, env...)...)
	nodes := filepath.Join(j.dir, "nodes")
	require.NoError(t, os.WriteFile(nodes, []byte("n1\nn1\nn2\nn2\n"), 0o666))
	j.env = append(j.env, "PBS_O_WORKDIR="+j.dir, "PBS_NODEFILE="+nodes)
	return j
}

func TestScriptsOfPBSTrainOnTheRanksOfTheJob(t *testing.T) {
	four := []string{
		"rank 0 of 4 threads 3: train --out out/12.server --data d", "rank 1 of 4 threads 3: train --out out/12.server --data d",
		"rank 2 of 4 threads 3: train --out out/12.server --data d", "rank 3 of 4 threads 3: train --out out/12.server --data d",
	}
	for _, test := range []struct {
		script string
		env    []string
		binds  string // "" is no mpiexec
		ranks  []string
	}{
		{"one-node.pbs", nil, "", []string{"rank 0 of 1 threads 3: train --out out/12.server --data d"}},
		{"nodes.pbs", nil, "--bind-to none timeout", four},
		{"sockets.pbs", nil, "--map-by ppr:2:socket:PE=12 --bind-to core timeout", four},
		{"sockets.pbs", []string{"BIND=-bind-to core:12"}, "-bind-to core:12 timeout", four},
		{
			"seeds.pbs",
			[]string{"PBS_JOBID=12[5].server", "PBS_ARRAY_ID=12[].server", "PBS_ARRAY_INDEX=5"},
			"",
			[]string{"rank 0 of 1 threads 3: train --out out/12.server/seed-5 --data d --seed 5"},
		},
	} {
		t.Run(test.script, func(t *testing.T) {
			j := inPBS(t, append([]string{"ARGS=calogan --data d"}, test.env...)...)
			status, out := j.run(t, filepath.Join("pbs", test.script))
			require.Zero(t, status, out)
			assert.Equal(t, test.ranks, j.calls(t, "rank"))
			mpiexec := j.calls(t, "mpiexec")
			if test.binds == "" {
				assert.Empty(t, mpiexec)
			} else {
				require.Len(t, mpiexec, 1)
				assert.Contains(t, mpiexec[0], test.binds)
			}
			assert.Empty(t, j.calls(t, "qsub"))
		})
	}
}

func TestATrainingInPBSIsWarnedBeforeTheLimitSubmittedAgainAndGoesOn(t *testing.T) {
	j := inPBS(t, "ARGS=calogan --data d", "STATUS=wait", "WALLTIME=00:05:01")
	status, out := j.run(t, filepath.Join("pbs", "nodes.pbs"))
	assert.Zero(t, status, out)
	assert.Contains(t, out, "ended with status 85")
	assert.Equal(t, []string{
		"qsub -N cascade -q workq -A physics -l select=2:ncpus=4:mpiprocs=2:ompthreads=2 -l walltime=00:05:01" +
			" -v RESTARTS,OUT,CASCADE,MODULES,CONTAINER,ARGS,GRACE,LIMIT,BIND " + j.dir + "/recipes/slurm/pbs/nodes.pbs",
	}, j.calls(t, "qsub"))

	require.NoError(t, os.Remove(j.record))
	j.env = append(j.env, "PBS_JOBID=13.server", "RESTARTS=1", "OUT=out/12.server")
	status, out = j.run(t, filepath.Join("pbs", "nodes.pbs"))
	assert.Zero(t, status, out)
	assert.Len(t, j.calls(t, "rank"), 4)
	assert.Contains(t, j.calls(t, "rank")[0], "train --out out/12.server --data d --resume")
}

func TestASeedOfPBSComesAgainByItself(t *testing.T) {
	j := inPBS(t, "ARGS=calogan", "STATUS=85", "PBS_ARRAY_ID=12[].server", "PBS_ARRAY_INDEX=5")
	status, out := j.run(t, filepath.Join("pbs", "seeds.pbs"))
	assert.Zero(t, status, out)
	require.Len(t, j.calls(t, "qsub"), 1)
	assert.Contains(t, j.calls(t, "qsub")[0], "LIMIT,BIND,SEED ")
}

// TestSeedsOfPBSHaveFoldersOfTheirOwn in the folder that is asked for, and a restart goes
// on in the same one.
func TestSeedsOfPBSHaveFoldersOfTheirOwn(t *testing.T) {
	for restarts, out := range map[string]string{"": "my", "1": "my/seed-5"} {
		j := inPBS(t, "ARGS=calogan", "PBS_ARRAY_ID=12[].server", "PBS_ARRAY_INDEX=5", "OUT="+out, "RESTARTS="+restarts)
		status, text := j.run(t, filepath.Join("pbs", "seeds.pbs"))
		assert.Zero(t, status, text)
		assert.Contains(t, j.calls(t, "rank")[0], "--out my/seed-5 ")
	}
}

func TestAWalltimeTooShortForACheckpointIsRefused(t *testing.T) {
	j := inPBS(t, "ARGS=calogan", "WALLTIME=00:05:00")
	status, out := j.run(t, filepath.Join("pbs", "nodes.pbs"))
	assert.Equal(t, 2, status)
	assert.Contains(t, out, "a walltime of 00:05:00 leaves no time to work: 300 s of it")
}
