package slurm

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// inSlurm is a job of Slurm of 2 nodes with 2 ranks each.
func inSlurm(t *testing.T, env ...string) *job {
	t.Helper()
	j := newJob(t, append([]string{
		"SLURM_JOB_ID=12", "SLURM_JOB_NUM_NODES=2", "SLURM_NTASKS=4", "SLURM_CPUS_PER_TASK=3",
	}, env...)...)
	j.env = append(j.env, "SLURM_SUBMIT_DIR="+j.dir)
	return j
}

func TestScriptsOfSlurmTrainOnTheRanksOfTheJob(t *testing.T) {
	const flags = " --cpu-bind=cores --distribution=block:block --kill-on-bad-exit=0 "
	one := []string{"SLURM_NTASKS=1", "SLURM_JOB_NUM_NODES=1", "SLURM_ARRAY_JOB_ID=11", "SLURM_ARRAY_TASK_ID=5"}
	for _, test := range []struct {
		script string
		env    []string
		mpi    string
		ranks  []string
	}{
		{"one-node.sbatch", one, "none", []string{"rank 0 of 1 threads 3: train --out out/12 --data d"}},
		{"nodes.sbatch", nil, "pmix", []string{
			"rank 0 of 4 threads 3: train --out out/12 --data d", "rank 1 of 4 threads 3: train --out out/12 --data d",
			"rank 2 of 4 threads 3: train --out out/12 --data d", "rank 3 of 4 threads 3: train --out out/12 --data d",
		}},
		{"sockets.sbatch", []string{"MPI=pmi2", "SLURM_NTASKS=2", "OUT=my/own"}, "pmi2", []string{
			"rank 0 of 2 threads 3: train --out my/own --data d", "rank 1 of 2 threads 3: train --out my/own --data d",
		}},
		{"seeds.sbatch", one, "none", []string{"rank 0 of 1 threads 3: train --out out/11/seed-5 --data d --seed 5"}},
	} {
		t.Run(test.script, func(t *testing.T) {
			j := inSlurm(t, test.env...)
			status, out := j.run(t, test.script, "calogan", "--data", "d")
			require.Zero(t, status, out)
			assert.Equal(t, test.ranks, j.calls(t, "rank"))
			srun := j.calls(t, "srun")
			require.Len(t, srun, 1)
			assert.Contains(t, srun[0], "srun --mpi="+test.mpi+flags)
			assert.Empty(t, j.calls(t, "scontrol"))
		})
	}
}

func TestAnInterruptedTrainingIsQueuedAgainAndGoesOn(t *testing.T) {
	j := inSlurm(t, "STATUS=85", "SLURM_NTASKS=2")
	status, out := j.run(t, "nodes.sbatch", "calogan", "--data", "d")
	assert.Zero(t, status, out)
	assert.Equal(t, []string{"scontrol requeue 12"}, j.calls(t, "scontrol"))

	require.NoError(t, os.Remove(j.record))
	j.env = append(j.env, "SLURM_RESTART_COUNT=1")
	status, out = j.run(t, "nodes.sbatch", "calogan", "--data", "d")
	assert.Zero(t, status, out)
	assert.Equal(t, []string{
		"rank 0 of 2 threads 3: train --out out/12 --data d --resume",
		"rank 1 of 2 threads 3: train --out out/12 --data d --resume",
	}, j.calls(t, "rank"))
	assert.Empty(t, j.calls(t, "scontrol"))
}

func TestWhatIsNoInterruptionIsNotQueuedAgain(t *testing.T) {
	for _, test := range []struct {
		name   string
		env    []string
		args   []string
		status int
		says   string
	}{
		{"a training that fails", []string{"STATUS=1"}, []string{"calogan"}, 1, "ended with status 1"},
		{"a rank that is killed", []string{"STATUS=137"}, []string{"calogan"}, 137, "ended with status 137"},
		{"the last restart", []string{"STATUS=85", "LIMIT=3", "SLURM_RESTART_COUNT=3"}, []string{"calogan"}, 85, "3 restarts are enough"},
		{"nothing to train", nil, nil, 2, "what to train is missing"},
		{"a recipe that is not there", nil, []string{"kalogan"}, 2, "bin/kalogan is missing"},
		{"modules where there are none", []string{"MODULES=gcc"}, []string{"calogan"}, 127, "module"},
	} {
		t.Run(test.name, func(t *testing.T) {
			j := inSlurm(t, test.env...)
			status, out := j.run(t, "nodes.sbatch", test.args...)
			assert.Equal(t, test.status, status, out)
			assert.Contains(t, out, test.says)
			assert.Empty(t, j.calls(t, "scontrol"))
		})
	}
}

func TestModulesAreLoadedBeforeRanksStart(t *testing.T) {
	j := inSlurm(t, "MODULES=gcc openmpi/4.1", `BASH_FUNC_module%%=() { echo "module $*" >>"$RECORD"; : "$unset"; }`)
	status, out := j.run(t, "nodes.sbatch", "calogan")
	require.Zero(t, status, out)
	assert.Equal(t, []string{"module load gcc openmpi/4.1"}, j.calls(t, "module"))
}

func TestProgramsCanComeFromAnImage(t *testing.T) {
	j := inSlurm(t, "CONTAINER=cascade.sif", "SLURM_NTASKS=2")
	status, out := j.run(t, "nodes.sbatch", "calogan")
	require.Zero(t, status, out)
	assert.Equal(t, []string{"apptainer exec cascade.sif", "apptainer exec cascade.sif"}, j.calls(t, "apptainer"))
	assert.Len(t, j.calls(t, "rank"), 2)
}

// The flags without which a job would not come again, or would lose its log.
func TestScriptsOfSlurmAskToBeWarnedAndQueuedAgain(t *testing.T) {
	scripts, err := filepath.Glob("*.sbatch")
	require.NoError(t, err)
	require.Len(t, scripts, 4)
	for _, script := range scripts {
		text, err := os.ReadFile(script)
		require.NoError(t, err)
		for _, flag := range []string{"--signal=USR1@300", "--requeue", "--open-mode=append"} {
			assert.Contains(t, string(text), "\n#SBATCH "+flag+"\n", script)
		}
	}
}
