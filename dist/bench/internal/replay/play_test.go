package replay

import (
	"bytes"
	"context"
	"encoding/xml"
	"math/bits"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/dist/bench/internal/record"
)

// installed skips a test where SimGrid is not.
func installed(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("smpirun"); err != nil {
		t.Skip("smpirun of SimGrid is not installed: scripts/install-simgrid")
	}
}

// sum is a job of one sum of n bytes, and nothing else.
func sum(n int, change func(j *Job)) Job {
	j := job(func(j *Job) {
		j.Step.Runs = []record.Run{{Name: "sum", Length: 1e-9, Ratios: []float64{1}, Finals: []record.Final{{Path: "w", Bytes: n}}}}
		j.Bucket = n
	})
	change(&j)
	return j
}

// TestTheTimeOfASumIsThatOfItsFormula: on a network without contention a ring takes 2(p-1)
// latencies, halving 2 lg p, and both the time of 2n(p-1)/p bytes.
func TestTheTimeOfASumIsThatOfItsFormula(t *testing.T) {
	installed(t)
	p := Stampede2()
	const n = 8 << 20
	for _, test := range []struct {
		name, algorithm string
		nodes, rounds   int
	}{
		{"ring of 7", "ring", 7, 12},
		{"ring of 16", "ring", 16, 30},
		{"halving among 2", "halving", 2, 2},
		{"halving among 16", "halving", 16, 8},
	} {
		t.Run(test.name, func(t *testing.T) {
			j := sum(n, func(j *Job) {
				j.Nodes, j.Workers, j.Algorithm, j.Layered = test.nodes, 1, test.algorithm, false
			})
			got, err := j.Play(t.Context(), p)
			require.NoError(t, err)
			latency := float64(test.rounds) * 2 * p.Latency // nodes of one leaf
			transfer := 2 * n * float64(test.nodes-1) / float64(test.nodes) / p.Bandwidth
			tell := 2 * p.MemoryLatency // between the actors of a worker
			assert.InEpsilon(t, latency+transfer+tell, got, 0.01)
		})
	}
}

// TestASumInANodeFirst takes the time of its pieces: n between two workers of the memory's
// bandwidth, and n for a node's link, as two halves at once.
func TestASumInANodeFirst(t *testing.T) {
	installed(t)
	p := Stampede2()
	const n, nodes = 8 << 20, 8
	j := sum(n, func(j *Job) { j.Nodes = nodes })
	got, err := j.Play(t.Context(), p)
	require.NoError(t, err)
	far := 2*n*float64(nodes-1)/nodes/p.Bandwidth + float64(2*bits.Len(nodes-1))*2*p.Latency
	near := n/p.Memory + 2*p.MemoryLatency
	assert.InEpsilon(t, far+near+2*p.MemoryLatency, got, 0.02)
}

// TestWhatIsBehindTheBackwardPassIsExposed: with overlap, only the last bucket.
func TestWhatIsBehindTheBackwardPassIsExposed(t *testing.T) {
	installed(t)
	p := Stampede2()
	step := func(overlap bool) float64 {
		j := job(func(j *Job) { j.Overlap, j.Bucket = overlap, 4 })
		j.Step.Runs[1].Finals = []record.Final{
			{Path: "large", Bytes: 8 << 20, At: 0.002},
			{Path: "last", Bytes: 4, At: 0.010},
		}
		seconds, err := j.Play(t.Context(), p)
		require.NoError(t, err)
		return seconds
	}
	alone := job(nil).Alone()
	assert.InDelta(t, alone, step(true), 50e-6)
	assert.Greater(t, step(false), alone+0.001)
}

// TestAPlayThatIsInterruptedEndsItsPlayer: smpirun is told, and not killed, so that it can.
func TestAPlayThatIsInterruptedEndsItsPlayer(t *testing.T) {
	dir := t.TempDir()
	begun, told := filepath.Join(dir, "begun"), filepath.Join(dir, "told")
	script := "#!/bin/sh\ntrap 'touch " + told + "; exit 1' TERM\ntouch " + begun + "\nwhile :; do sleep 0.01; done\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "smpirun"), []byte(script), 0o700))
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for ctx.Err() == nil {
			if _, err := os.Stat(begun); err == nil {
				cancel()
			}
			time.Sleep(time.Millisecond)
		}
	}()
	_, err := job(nil).Play(ctx, Stampede2())
	require.ErrorIs(t, err, context.Canceled)
	assert.FileExists(t, told)
}

// TestAPlayThatFailsTellsWhatSimGridSaid.
func TestAPlayThatFailsTellsWhatSimGridSaid(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "smpirun"), []byte("#!/bin/sh\necho Deadlock >&2\nexit 3\n"), 0o700))
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	_, err := job(nil).Play(t.Context(), Stampede2())
	assert.ErrorContains(t, err, "exit status 3: Deadlock")
}

func TestWithoutSimGridItIsAskedFor(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := job(nil).Play(t.Context(), Stampede2())
	assert.ErrorIs(t, err, ErrMissing)
}

func TestTheTimeIsReadFromWhatSimGridSays(t *testing.T) {
	got, err := parse([]byte("[node-30:1:(2) 0.205] [smpi_replay/INFO] Simulation time 0.205001\nmore"))
	require.NoError(t, err)
	assert.InDelta(t, 0.205001, got, 0)
	_, err = parse([]byte(strings.Repeat("x", 2000) + "Deadlock"))
	require.ErrorContains(t, err, "told no time")
	assert.ErrorContains(t, err, "xDeadlock")
	assert.Less(t, len(err.Error()), 700)
}

func TestThePlatformIsAFatTreeOfItsNodes(t *testing.T) {
	var text bytes.Buffer
	require.NoError(t, Stampede2().Write(&text))
	var got struct {
		Cluster struct {
			Radical   string `xml:"radical,attr"`
			Topology  string `xml:"topology,attr"`
			Tree      string `xml:"topo_parameters,attr"`
			Bandwidth string `xml:"bw,attr"`
		} `xml:"cluster"`
	}
	d := xml.NewDecoder(&text)
	d.Strict = false // for the DOCTYPE
	require.NoError(t, d.Decode(&got))
	assert.Equal(t, "0-559", got.Cluster.Radical)
	assert.Equal(t, "FAT_TREE", got.Cluster.Topology)
	assert.Equal(t, "2;28,20;1,20;1,1", got.Cluster.Tree)
	assert.Equal(t, "1.23e+10Bps", got.Cluster.Bandwidth)
}

func TestActorsOfANodeAreOnItsHost(t *testing.T) {
	j := job(nil)
	var text bytes.Buffer
	require.NoError(t, Stampede2().hosts(&text, j))
	half := "node-0\nnode-0\nnode-1\nnode-1\nnode-2\nnode-2\nnode-3\nnode-3\n"
	assert.Equal(t, half+half, text.String())

	j.Scatter, j.Nodes = true, 560
	text.Reset()
	require.NoError(t, Stampede2().hosts(&text, j))
	list := strings.Fields(text.String())
	assert.Equal(t, list[:1120], list[1120:], "actors that reduce")
	assert.NotEqual(t, []string{"node-0", "node-0", "node-1", "node-1"}, list[:4])
	slices.Sort(list)
	assert.Len(t, slices.Compact(list), 560, "each node once")

	j.Nodes = 561
	assert.ErrorContains(t, Stampede2().hosts(&text, j), "561 nodes of a cluster of 560")
}

func TestFilesAreAllThatSimGridNeeds(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, job(nil).Files(dir, Stampede2()))
	list, err := os.ReadFile(filepath.Join(dir, "traces"))
	require.NoError(t, err)
	files := strings.Fields(string(list))
	require.Len(t, files, 16)
	for _, f := range append(files, filepath.Join(dir, "hosts"), filepath.Join(dir, "platform.xml")) {
		assert.FileExists(t, f)
	}
	assert.Error(t, job(nil).Files(filepath.Join(dir, "none"), Stampede2()))
}
