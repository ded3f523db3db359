# shellcheck shell=bash disable=SC2154 # launch, restarts and limit are the callers'
# What all job scripts here share. A script sets CASCADE, MODULES, CONTAINER, OUT and
# limit, takes the rest from slurm.bash or pbs.bash (the array launch starts ranks, the
# function again queues the job again, restarts is how often that was) and calls train.

# Programs exit with this status when a signal ended a training whose checkpoint is
# written: the job is to come again.
requeue=85

# threads N: each process works with N threads.
threads() {
	export CASCADE_NUM_THREADS=$1 OMP_NUM_THREADS=$1
	# The Go runtime counts cores by the binding; saying the number keeps it from
	# changing in mid-run.
	export GOMAXPROCS=$1
}

# load loads the modules, if any. Their scripts may use unset variables.
load() {
	[ -n "${MODULES:-}" ] || return 0
	set +u
	# shellcheck disable=SC2086 # a list of words
	module load $MODULES
	set -u
}

# train RECIPE FLAGS... runs 'RECIPE train FLAGS' on all ranks, from the checkpoint
# in OUT if there is one, and sees to it that an interrupted training goes on.
train() {
	if [ $# -eq 0 ]; then
		echo "what to train is missing: calogan, resnet or chexnet, and its flags" >&2
		return 2
	fi
	local recipe=$1 program=$CASCADE/bin/$1 status=0
	shift
	local before=()
	if [ -n "${CONTAINER:-}" ]; then
		before=(apptainer exec "$CONTAINER")
		program=$recipe
	elif ! [ -x "$program" ]; then
		echo "$program is missing: CASCADE must name a checkout in which 'make build' has run" >&2
		return 2
	fi
	load
	mkdir -p "$OUT"
	local flags=(--out "$OUT" "$@")
	[ ! -e "$OUT/checkpoint.safetensors" ] || flags+=(--resume)
	echo "$(date '+%F %T'): $recipe train ${flags[*]}"
	"${launch[@]}" "${before[@]}" "$program" train "${flags[@]}" || status=$?
	echo "$(date '+%F %T'): ended with status $status"
	[ "$status" -eq "$requeue" ] || return "$status"
	if [ "$restarts" -ge "$limit" ]; then
		echo "not queued again: $restarts restarts are enough (LIMIT=$limit)" >&2
		return "$status"
	fi
	again
}
