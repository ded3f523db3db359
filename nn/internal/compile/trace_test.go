package compile

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/nn/internal/op"
	"github.com/cascade-hpc/cascade/ops"
)

// watchedProgram has a layer of many parts and one of two, on two workers.
func watchedProgram(t *testing.T, name string) *Program {
	g := &ir.Graph{Name: name}
	x := g.Leaf(ir.Leaf{Type: ir.Sample(40000), Input: "x"})
	y := g.Emit(op.Sum{}, g.Emit(op.Activation{Fn: ops.Activation{Kind: ops.Tanh}}, x))
	g.AssignNames()
	pool := ops.NewPool(2)
	t.Cleanup(pool.Close)
	p, err := Compile(Source{Graph: g, Inputs: []Port{{"x", x}}, Outputs: []Port{{"y", y}}}, Options{Batch: 2, Pool: pool})
	require.NoError(t, err)
	t.Cleanup(p.Close)
	return p
}

// traceEvent is an event as a reader of the format would see it.
type traceEvent struct {
	Name, Cat, Ph, Bp string
	Pid, Tid, ID      int
	Ts, Dur           float64
	Args              map[string]any
}

func (e traceEvent) end() float64 { return e.Ts + e.Dur }

// holds says that f is on e's track and within its time, to the nanosecond.
func (e traceEvent) holds(f traceEvent) bool {
	const ns = 1.5e-3
	return e.Pid == f.Pid && e.Tid == f.Tid && e.Ts <= f.Ts+ns && f.end() <= e.end()+ns
}

type traceFile struct {
	TraceEvents []traceEvent
	OtherData   struct {
		Dropped int `json:"dropped_events"`
	}
}

func readTrace(t *testing.T, path string) traceFile {
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	var f traceFile
	require.NoError(t, json.Unmarshal(text, &f))
	return f
}

// of are the events of a category.
func (f traceFile) of(category string) (list []traceEvent) {
	for _, e := range f.TraceEvents {
		if e.Cat == category {
			list = append(list, e)
		}
	}
	return list
}

// tracks are the names of tracks.
func (f traceFile) tracks() map[string]string {
	names := map[string]string{}
	for _, e := range f.TraceEvents {
		if e.Ph == "M" {
			names[fmt.Sprintf("%s %d %d", e.Name, e.Pid, e.Tid)] = e.Args["name"].(string)
		}
	}
	return names
}

// tracedPrograms are two in one file.
func tracedPrograms(t *testing.T) (path string, tr *trace, a, b *Program) {
	path = filepath.Join(t.TempDir(), "trace.json")
	tr, err := newTrace(path, 1000)
	require.NoError(t, err)
	a, b = watchedProgram(t, "first"), watchedProgram(t, "second")
	a.watch(tr)
	b.watch(tr)
	return path, tr, a, b
}

func TestTrace(t *testing.T) {
	path, _, a, b := tracedPrograms(t)
	for i, p := range []*Program{a, b, a} {
		require.NoError(t, p.Run(uint64(7+i)))
	}
	layers := len(a.steps)
	a.Close()
	b.Close()
	f := readTrace(t, path)

	assert.Equal(t, map[string]string{
		"process_name 1 0": "programs", "thread_name 1 1": "first", "thread_name 1 2": "second",
		"process_name 2 0": "workers", "thread_name 2 1": "worker 0", "thread_name 2 2": "worker 1",
		"thread_name 2 3": "worker 0 of pool 1", "thread_name 2 4": "worker 1 of pool 1",
	}, f.tracks())

	runs := f.of("step")
	require.Len(t, runs, 3)
	var names []string
	for _, r := range runs {
		names = append(names, r.Name)
	}
	assert.Equal(t, []string{"step 7", "step 8", "step 9"}, names)
	checkLayers(t, f, runs, layers)
	checkWork(t, f)
}

// checkLayers: each is within its run.
func checkLayers(t *testing.T, f traceFile, runs []traceEvent, count int) {
	layers := f.of("layer")
	require.Len(t, layers, len(runs)*count)
	for i, l := range layers {
		run := runs[i/count]
		assert.True(t, run.holds(l), "%+v in %+v", l, run)
		assert.Equal(t, run.Args["step"], l.Args["step"])
		for _, arg := range []string{"primitive", "impl", "problem"} {
			assert.NotEmpty(t, l.Args[arg], arg)
		}
	}
	assert.Equal(t, "tanh_1", layers[0].Name)
}

// checkWork: an arrow leads to all that workers did from the layer for which they did
// it.
func checkWork(t *testing.T, f traceFile) {
	layers, work, flow := f.of("layer"), f.of("primitive"), f.of("flow")
	require.NotEmpty(t, work)
	require.Len(t, flow, 2*len(work))
	for i, w := range work {
		from, to := flow[2*i], flow[2*i+1]
		assert.Equal(t, "sf", from.Ph+to.Ph)
		assert.Equal(t, from.ID, to.ID)
		assert.Equal(t, "e", to.Bp, "it ends at what encloses it, not at the next")
		assert.True(t, w.holds(to))
		found := 0
		for _, l := range layers {
			if l.holds(from) && l.Name == w.Name && l.Args["step"] == w.Args["step"] {
				found++
			}
		}
		assert.Equal(t, 1, found, "layers from which the arrow to %+v may come", w)
	}
}

// TestTraceShowsWhatGoesOnBeside a run, on a track of its own; without any there is none.
func TestTraceShowsWhatGoesOnBeside(t *testing.T) {
	path, tr, a, b := tracedPrograms(t)
	require.NoError(t, b.Run(3))
	b.Note("reduce", tr.start.Add(time.Millisecond), 5*time.Microsecond)
	assert.Zero(t, testing.AllocsPerRun(1, func() { b.Note("reduce", tr.start.Add(2*time.Millisecond), 0) }))
	a.Close()
	b.Close()
	f := readTrace(t, path)

	list := f.of("beside")
	require.Len(t, list, 3)
	e := list[0]
	assert.Equal(t, "reduce", e.Name)
	assert.Equal(t, []float64{1000, 5, 3}, []float64{e.Ts, e.Dur, e.Args["step"].(float64)})
	tracks := f.tracks()
	assert.Equal(t, "beside programs", tracks["process_name 3 0"])
	assert.Equal(t, "beside second", tracks[fmt.Sprintf("thread_name %d %d", e.Pid, e.Tid)])
	assert.NotContains(t, tracks, "thread_name 3 1", "nothing was beside the first")
	watchedProgram(t, "untraced").Note("reduce", tr.start, 0)
}

// TestTraceKeepsTheLast: memory is bounded.
func TestTraceKeepsTheLast(t *testing.T) {
	path := filepath.Join(t.TempDir(), "trace.json")
	tr, err := newTrace(path, 10)
	require.NoError(t, err)
	p := watchedProgram(t, "long")
	p.watch(tr)
	for i := range uint64(20) {
		require.NoError(t, p.Run(i))
	}
	p.Close()
	f := readTrace(t, path)
	runs := f.of("step")
	assert.Len(t, append(append(runs, f.of("layer")...), f.of("primitive")...), 10)
	assert.Equal(t, "step 19", runs[len(runs)-1].Name)
	assert.Positive(t, f.OtherData.Dropped)
}

func TestNoTrace(t *testing.T) {
	tr, err := newTrace("", 10)
	require.NoError(t, err)
	assert.Nil(t, tr)
	p := watchedProgram(t, "untraced")
	p.watch(nil)
	assert.Nil(t, p.exec.Watch, "nobody is told")
	assert.Zero(t, testing.AllocsPerRun(10, func() { _ = p.Run(0) }))
}

func TestTraceNeedsADirectory(t *testing.T) {
	_, err := newTrace(filepath.Join(t.TempDir(), "missing", "trace.json"), 10)
	assert.ErrorContains(t, err, "a file in a directory that exists is expected")
}

// TestTraceDoesNotAllocate: nor does it lose time to memory that grows.
func TestTraceDoesNotAllocate(t *testing.T) {
	tr, err := newTrace(filepath.Join(t.TempDir(), "trace.json"), 100)
	require.NoError(t, err)
	p := watchedProgram(t, "traced")
	p.watch(tr)
	assert.Zero(t, testing.AllocsPerRun(100, func() { _ = p.Run(0) }))
}
