package compile

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/cascade-hpc/cascade/ops"
)

// maxEvents is how many events a trace keeps, the last ones: some dozens of steps of a
// large network on a few workers. They take 6 MB of memory and some 50 MB of file.
const maxEvents = 1 << 17

// trace is what CASCADE_TRACE asks for: when which worker worked on what, for all
// programs that are traced to the same file. It is written whenever one of them is
// closed.
type trace struct {
	path  string
	start time.Time

	mu       sync.Mutex
	events   []event // a ring
	next     int     // where the next event goes
	dropped  int
	programs []*tracer
	pools    []*ops.Pool
}

// event is something that took time.
type event struct {
	kind    eventKind
	worker  int32
	program int32
	step    int32  // of the program, or which of its notes
	run     uint64 // number given to Run
	begin   time.Duration
	took    time.Duration
}

type eventKind uint8

const (
	runEvent   eventKind = iota // a run of a program
	layerEvent                  // a primitive of it
	workEvent                   // the parts of a phase of it that a worker did
	noteEvent                   // something else, beside it: see Note
)

// newTrace is the trace that is to be written to a file, nil without one.
func newTrace(path string, events int) (*trace, error) {
	if path == "" {
		return nil, nil
	}
	if dir, err := os.Stat(filepath.Dir(path)); err != nil || !dir.IsDir() {
		return nil, fmt.Errorf("a trace to %q: a file in a directory that exists is expected", path)
	}
	return &trace{path: path, start: time.Now(), events: make([]event, 0, events)}, nil
}

// traces are those of the process, by file: programs that name the same one share it.
var traces struct {
	mu   sync.Mutex
	file map[string]*trace
}

// traceTo is the trace that goes to a file, nil without one.
func traceTo(path string) (*trace, error) {
	traces.mu.Lock()
	defer traces.mu.Unlock()
	if t, ok := traces.file[path]; ok {
		return t, nil
	}
	t, err := newTrace(path, maxEvents)
	if err != nil || t == nil {
		return nil, err
	}
	if traces.file == nil {
		traces.file = map[string]*trace{}
	}
	traces.file[path] = t
	return t, nil
}

func (t *trace) add(e event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.events) < cap(t.events) {
		t.events = append(t.events, e)
		return
	}
	t.events[t.next] = e
	t.next = (t.next + 1) % len(t.events)
	t.dropped++
}

// tracer traces one program. A nil tracer does nothing.
type tracer struct {
	trace  *trace
	number int32
	pool   int // in the trace's list
	name   string
	steps  []label
	notes  []string // names of what went on beside the program
	step   int32    // under way
	run    uint64   // under way
}

// label is what the trace tells of a step, when the program may be closed.
type label struct{ layer, primitive, impl, problem string }

// tracer begins to trace a program; a nil trace returns nil.
func (t *trace) tracer(p *Program) *tracer {
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	r := &tracer{trace: t, number: int32(len(t.programs)), name: p.name}
	for _, s := range p.steps {
		r.steps = append(r.steps, label{s.layer(), s.primitive(), s.info.Impl, s.info.Problem})
	}
	for r.pool < len(t.pools) && t.pools[r.pool] != p.exec.Pool {
		r.pool++
	}
	if r.pool == len(t.pools) {
		t.pools = append(t.pools, p.exec.Pool)
	}
	t.programs = append(t.programs, r)
	return r
}

// enter says which step is executed next.
func (r *tracer) enter(run uint64, step int) {
	if r != nil {
		r.run, r.step = run, int32(step)
	}
}

// Worked implements [ops.Watcher].
func (r *tracer) Worked(worker int, begin time.Time, took time.Duration) {
	r.add(workEvent, worker, begin, took)
}

// executed says that the step was executed.
func (r *tracer) executed(begin time.Time, took time.Duration) {
	if r != nil {
		r.add(layerEvent, 0, begin, took)
	}
}

// ran says that all steps were.
func (r *tracer) ran(begin time.Time, took time.Duration) {
	if r != nil {
		r.add(runEvent, 0, begin, took)
	}
}

// note says that something went on beside the program.
func (r *tracer) note(name string, begin time.Time, took time.Duration) {
	if r == nil {
		return
	}
	r.trace.mu.Lock()
	i := slices.Index(r.notes, name)
	if i < 0 {
		i = len(r.notes)
		r.notes = append(r.notes, name)
	}
	r.trace.mu.Unlock()
	r.trace.add(event{
		kind: noteEvent, program: r.number, step: int32(i), run: r.run,
		begin: begin.Sub(r.trace.start), took: took,
	})
}

func (r *tracer) add(kind eventKind, worker int, begin time.Time, took time.Duration) {
	r.trace.add(event{
		kind: kind, worker: int32(worker), program: r.number, step: r.step, run: r.run,
		begin: begin.Sub(r.trace.start), took: took,
	})
}

// closed writes the trace. A program must not fail for it, so what goes wrong is said on
// standard error.
func (r *tracer) closed() {
	if r == nil {
		return
	}
	if err := r.trace.write(); err != nil {
		fmt.Fprintf(os.Stderr, "cascade: trace: %v\n", err)
	}
}
