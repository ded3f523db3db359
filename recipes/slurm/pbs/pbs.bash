# shellcheck shell=bash disable=SC2154 # script and limit are the callers'
# What job.bash leaves open, for PBS. A script says in script where it lies, to be
# submitted again, and in BIND how mpiexec binds ranks.

threads "${OMP_NUM_THREADS:?is what PBS sets from ompthreads}"

# attribute NAME tells what PBS knows of the job.
attribute() { qstat -fw "$PBS_JOBID" | awk -F ' = ' -v name="$1" '{ sub(/^[ \t]+/, "", $1) } $1 == name { print $2 }'; }

# PBS has no signal that warns of the limit. timeout gives one to each rank, and passes
# on what the program ends with.
grace=${GRACE:-300}
walltime=$(attribute Resource_List.walltime)
IFS=: read -r hours minutes seconds <<<"$walltime"
left=$(((10#$hours * 60 + 10#$minutes) * 60 + 10#$seconds - grace))
if [ "$left" -le 0 ]; then
	echo "a walltime of $walltime leaves no time to work: $grace s of it (GRACE) are for the checkpoint" >&2
	exit 2
fi
warned=(timeout --foreground --preserve-status --signal=USR1 "$left")

# ranks starts a rank on each line of the list of nodes.
ranks() {
	local bind
	read -ra bind <<<"${BIND-}"
	# shellcheck disable=SC2034 # for job.bash
	launch=(mpiexec -n "$(wc -l <"$PBS_NODEFILE")" -machinefile "$PBS_NODEFILE" "${bind[@]}" "${warned[@]}")
}

restarts=${RESTARTS:-0}

# again submits the script once more, with the same resources and variables, to go on
# in the same OUT: only operators may run a job of PBS again.
again() {
	export RESTARTS=$((restarts + 1)) OUT CASCADE MODULES CONTAINER ARGS GRACE=$grace LIMIT=$limit BIND=${BIND-}
	local account project
	account=$(attribute Account_Name)
	project=$(attribute project)
	echo "queued again, restart $RESTARTS"
	qsub -N "$PBS_JOBNAME" -q "$(attribute queue)" ${account:+-A "$account"} ${project:+-P "$project"} \
		-l select="$(attribute Resource_List.select)" -l walltime="$walltime" \
		-v RESTARTS,OUT,CASCADE,MODULES,CONTAINER,ARGS,GRACE,LIMIT,BIND"${SEED:+,SEED}" "$script"
}
