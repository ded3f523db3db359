# shellcheck shell=bash
# What job.bash leaves open, for Slurm. A script says in MPI how srun starts ranks.

# Since Slurm 22.05 srun does not take --cpus-per-task from sbatch by itself.
export SRUN_CPUS_PER_TASK=$SLURM_CPUS_PER_TASK
threads "$SLURM_CPUS_PER_TASK"

# The ranks of one socket are neighbours, and each has whole cores of its own.
# A rank that ends first must not end the others: rank 0 may be writing.
# shellcheck disable=SC2034 # for job.bash
launch=(srun --mpi="$MPI" --cpu-bind=cores --distribution=block:block --kill-on-bad-exit=0)

restarts=${SLURM_RESTART_COUNT:-0}

# again puts the job back into the queue, under its number. Slurm ends this script
# while it does so.
again() {
	echo "queued again, restart $((restarts + 1))"
	scontrol requeue "$SLURM_JOB_ID"
}
