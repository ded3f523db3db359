package compile

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/cascade-hpc/cascade/internal/atomicfile"
)

// A trace has processes, as the format calls them: one with a track for each program, on
// which layers lie within runs, one with a track for each worker, and one with a track for
// what went on beside each program, if anything did. An arrow leads from a layer to
// whatever is done for it.
const (
	programsID = 1
	workersID  = 2
	besidesID  = 3
)

// chromeEvent is an event in the Trace Event Format, which Perfetto and chrome://tracing
// open: complete events (X), metadata (M), and the starts and ends of arrows (s, f).
type chromeEvent struct {
	Name      string         `json:"name"`
	Category  string         `json:"cat,omitempty"`
	Phase     string         `json:"ph"`
	Process   int            `json:"pid"`
	Thread    int            `json:"tid"`
	Time      json.Number    `json:"ts,omitempty"` // in µs
	Duration  json.Number    `json:"dur,omitempty"`
	ID        int            `json:"id,omitempty"`
	BindPoint string         `json:"bp,omitempty"`
	Args      map[string]any `json:"args,omitempty"`
}

// microseconds keeps the nanoseconds.
func microseconds(d time.Duration) json.Number {
	return json.Number(fmt.Sprintf("%d.%03d", d/time.Microsecond, d%time.Microsecond))
}

// write makes the file.
func (t *trace) write() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return atomicfile.Write(t.path, func(w io.Writer) error {
		fmt.Fprintf(w, "{\"displayTimeUnit\":\"ms\",\"otherData\":{\"dropped_events\":%d},\"traceEvents\":[\n", t.dropped)
		separator := ""
		err := t.each(func(e chromeEvent) error {
			text, err := json.Marshal(e)
			if err == nil {
				_, err = fmt.Fprintf(w, "%s%s", separator, text)
			}
			separator = ",\n"
			return err
		})
		if err != nil {
			return err
		}
		_, err = io.WriteString(w, "\n]}\n")
		return err
	})
}

// each hands out what is in the file: names, then what happened, the oldest first.
func (t *trace) each(emit func(chromeEvent) error) error {
	if err := t.names(emit); err != nil {
		return err
	}
	arrow := 0
	for i := range t.events {
		e := t.events[(t.next+i)%len(t.events)]
		if err := emit(t.complete(e)); err != nil {
			return err
		}
		if e.kind != workEvent {
			continue
		}
		arrow++
		from := chromeEvent{
			Name: "work", Category: "flow", Phase: "s", ID: arrow,
			Process: programsID, Thread: int(e.program) + 1, Time: microseconds(e.begin),
		}
		to := from
		to.Phase, to.BindPoint, to.Process, to.Thread = "f", "e", workersID, t.workerTrack(e)
		for _, end := range []chromeEvent{from, to} {
			if err := emit(end); err != nil {
				return err
			}
		}
	}
	return nil
}

// names are those of processes and tracks.
func (t *trace) names(emit func(chromeEvent) error) error {
	name := func(kind string, process, thread int, name string) error {
		return emit(chromeEvent{Name: kind, Phase: "M", Process: process, Thread: thread, Args: map[string]any{"name": name}})
	}
	err := name("process_name", programsID, 0, "programs")
	for i, p := range t.programs {
		if err == nil {
			err = name("thread_name", programsID, i+1, p.name)
		}
	}
	if err == nil {
		err = name("process_name", workersID, 0, "workers")
	}
	track := 0
	for i, pool := range t.pools {
		for worker := range pool.Workers() {
			text := fmt.Sprintf("worker %d", worker)
			if i > 0 {
				text += fmt.Sprintf(" of pool %d", i)
			}
			track++
			if err == nil {
				err = name("thread_name", workersID, track, text)
			}
		}
	}
	for i, p := range t.programs {
		if len(p.notes) > 0 && err == nil {
			err = errors.Join(name("process_name", besidesID, 0, "beside programs"), name("thread_name", besidesID, i+1, "beside "+p.name))
		}
	}
	return err
}

// workerTrack is the number of a worker's track: those of one pool come after those of
// the pool before it.
func (t *trace) workerTrack(e event) int {
	track := int(e.worker) + 1
	for _, pool := range t.pools[:t.programs[e.program].pool] {
		track += pool.Workers()
	}
	return track
}

// complete is what took time.
func (t *trace) complete(e event) chromeEvent {
	program := t.programs[e.program]
	c := chromeEvent{
		Phase: "X", Process: programsID, Thread: int(e.program) + 1,
		Time: microseconds(e.begin), Duration: microseconds(e.took), Args: map[string]any{"step": e.run},
	}
	switch e.kind {
	case runEvent:
		c.Name, c.Category = fmt.Sprintf("step %d", e.run), "step"
		return c
	case noteEvent:
		c.Name, c.Category, c.Process = program.notes[e.step], "beside", besidesID
		return c
	}
	l := program.steps[e.step]
	c.Name, c.Category = l.layer, "layer"
	c.Args["primitive"], c.Args["impl"], c.Args["problem"] = l.primitive, l.impl, l.problem
	if e.kind == workEvent {
		c.Category, c.Process, c.Thread = "primitive", workersID, t.workerTrack(e)
	}
	return c
}
