package replay

import (
	"bufio"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/dist/bench/internal/record"
)

// two is a step of a run of 10 ms that trains, and one of 2 ms that does not.
func two() *record.Step {
	return &record.Step{
		Name: "two", Batch: 1,
		Runs: []record.Run{
			{Name: "fakes", Length: 0.002, Ratios: []float64{1}},
			{
				Name: "trains", Length: 0.010, Update: 0.001, Ratios: []float64{0.9, 1, 1.2},
				Finals: []record.Final{
					{Path: "moments", Bytes: 400, At: 0.001, Exact: true},
					{Path: "head", Bytes: 4_000, At: 0.004},
					{Path: "middle", Bytes: 100_000, At: 0.007},
					{Path: "first", Bytes: 44_000, At: 0.010},
				},
			},
		},
	}
}

func job(change func(j *Job)) Job {
	j := Job{Step: two(), Pace: 1, CorePace: 1, Nodes: 4, Workers: 2, Algorithm: "halving", Layered: true, Overlap: true, Bucket: 50_000, Steps: 1}
	if change != nil {
		change(&j)
	}
	return j
}

// actions are the lines of an actor, without its number.
func actions(t *testing.T, j Job, actor int) (list []string) {
	t.Helper()
	var text bytes.Buffer
	require.NoError(t, j.Trace(&text, actor))
	lines := bufio.NewScanner(&text)
	for lines.Scan() {
		number, action, _ := strings.Cut(lines.Text(), " ")
		require.Equal(t, fmt.Sprint(actor), number)
		list = append(list, action)
	}
	return list
}

func TestAWorkerTellsWhenABucketIsFinal(t *testing.T) {
	assert.Equal(t, []string{
		"init", "compute 2000000",
		"compute 1000000", "send 9 1 1 6", // moments
		"compute 3000000", "send 9 1 1 6", // head
		"compute 3000000", "send 9 1 1 6", // middle, which is too large for the head's bucket
		"compute 3000000", "send 9 1 1 6", // first
		"recv 9 1 1 6", "compute 1000000", "finalize",
	}, actions(t, job(nil), 1))
}

func TestWithoutOverlapAllLeaveBehindTheRun(t *testing.T) {
	assert.Equal(t, []string{
		"init", "compute 2000000", "compute 10000000",
		"send 9 1 1 6", "send 9 1 1 6", "send 9 1 1 6", "send 9 1 1 6",
		"recv 9 1 1 6", "compute 1000000", "finalize",
	}, actions(t, job(func(j *Job) { j.Overlap = false }), 1))
}

func TestPaceStretchesTheRunAndNotTheMessages(t *testing.T) {
	slow := job(func(j *Job) { j.Pace = 2.5 })
	assert.Contains(t, actions(t, slow, 0), "compute 2500000")
	assert.Equal(t, actions(t, job(nil), 8), actions(t, slow, 8))
	assert.InDelta(t, 2.5*0.013, slow.Alone(), 1e-12)
}

// TestEverySendHasItsReceive: what any actor sends to another, that one receives, in the
// same order and of the same length; and in all every rank sends what the formula says.
func TestEverySendHasItsReceive(t *testing.T) {
	for name, j := range map[string]Job{
		"halving, near first": job(nil),
		"halving, flat":       job(func(j *Job) { j.Layered = false }),
		"ring":                job(func(j *Job) { j.Algorithm, j.Layered, j.Nodes = "ring", false, 3 }),
		"ring, near first":    job(func(j *Job) { j.Algorithm, j.Nodes, j.Workers = "ring", 3, 4 }),
		"several steps":       job(func(j *Job) { j.Steps, j.Jitter = 3, true }),
		"one node":            job(func(j *Job) { j.Nodes = 1 }),
		"one worker":          job(func(j *Job) { j.Nodes, j.Workers = 1, 1 }),
	} {
		t.Run(name, func(t *testing.T) {
			n := j.ranks()
			sent, received, messages := map[string][]int{}, map[string][]int{}, 0
			bytes := make([]int, 2*n)
			for actor := range 2 * n {
				for _, line := range actions(t, j, actor) {
					var what string
					var other, tag, size int
					if fields, _ := fmt.Sscanf(line, "%s %d %d %d", &what, &other, &tag, &size); fields < 4 {
						continue
					}
					switch strings.TrimPrefix(what, "i") {
					case "send":
						pair := fmt.Sprint(actor, other, tag)
						sent[pair] = append(sent[pair], size)
						if tag == tagData {
							bytes[actor] += size
							messages++
						}
					case "recv":
						pair := fmt.Sprint(other, actor, tag)
						received[pair] = append(received[pair], size)
					}
				}
			}
			assert.Equal(t, sent, received)
			count, err := j.Messages()
			require.NoError(t, err)
			assert.Equal(t, messages, count)
			want := 2 * float64(j.Step.Bytes()) * float64(n-1) / float64(n) * float64(j.Steps)
			for rank := range n {
				assert.Zero(t, bytes[rank], "the actor that computes")
				// Parts differ by an element, in each of 4 buckets and both halves.
				assert.InDelta(t, want, bytes[n+rank], float64(2*4*4*j.Steps*n), "rank %d", rank)
			}
		})
	}
}

// TestJitterIsDrawnAnewByEveryWorker, from what was measured, and the same with a seed.
func TestJitterIsDrawnAnewByEveryWorker(t *testing.T) {
	j := job(func(j *Job) { j.Jitter, j.Steps = true, 40 })
	first := actions(t, j, 0)
	assert.Equal(t, first, actions(t, j, 0))
	assert.NotEqual(t, first, actions(t, j, 1))
	j.Seed = 2
	assert.NotEqual(t, first, actions(t, j, 0))
	seen := map[string]int{}
	for _, line := range first {
		seen[line]++
	}
	for _, update := range []string{"compute 900000", "compute 1000000", "compute 1200000"} {
		assert.Positive(t, seen[update], "updates of ratio 0.9, 1 and 1.2: %s", update)
	}
	assert.InDelta(t, (0.002+0.011*3.1/3)*40, j.Alone(), 1e-12)
}

func TestSumsAndCopiesTakeACoresTime(t *testing.T) {
	j := job(func(j *Job) {
		j.Nodes, j.Workers, j.Bucket, j.CorePace = 2, 1, 1<<20, 2
		j.Step.Memory = record.Memory{Copy: 1e-10, Scale: 2e-10, Add: 4e-10}
		j.Step.Runs[1].Finals = []record.Final{{Path: "w", Bytes: 80_000, At: 0.004}}
	})
	assert.Equal(t, []string{
		"init", "recv 1 1 1 6",
		"compute 16000", // copied
		"isend 2 0 40000 6", "irecv 2 0 40000 6", "waitall",
		"compute 32000", // added up: the half that is this rank's
		"isend 2 0 40000 6", "irecv 2 0 40000 6", "waitall",
		"compute 32000", // scaled
		"send 1 1 1 6", "finalize",
	}, actions(t, j, 3))
}

func TestJobsThatCannotBePlayedAreRefused(t *testing.T) {
	for name, test := range map[string]struct {
		change func(j *Job)
		want   string
	}{
		"no nodes":     {func(j *Job) { j.Nodes = 0 }, "on 0 nodes"},
		"no workers":   {func(j *Job) { j.Workers = 0 }, "of 0 workers"},
		"no steps":     {func(j *Job) { j.Steps = 0 }, "0 steps"},
		"no bucket":    {func(j *Job) { j.Bucket = 0 }, "buckets of 0 bytes"},
		"no time":      {func(j *Job) { j.Pace = 0 }, "a pace of 0"},
		"no core":      {func(j *Job) { j.CorePace = -1 }, "and of -1 for a core"},
		"no algorithm": {func(j *Job) { j.Algorithm = "" }, "no algorithm"},
	} {
		j := job(test.change)
		assert.ErrorContains(t, j.Trace(&bytes.Buffer{}, 0), test.want, name)
		assert.ErrorContains(t, j.Files(t.TempDir(), Stampede2()), test.want, name)
		_, err := j.Messages()
		assert.ErrorContains(t, err, test.want, name)
	}
}
