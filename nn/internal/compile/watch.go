package compile

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// openLogs finds out who wants to know about the program: the environment wins over the
// options.
func (m *Module) openLogs() error {
	if m.log = processLog(); m.log == nil && m.Verbose != nil {
		m.log = newVerbose("1", m.Verbose)
	}
	var err error
	if path := os.Getenv("CASCADE_TRACE"); path != "" {
		path = strings.ReplaceAll(path, "%p", strconv.Itoa(os.Getpid())) // ranks have a file each
		if m.trace, err = traceTo(path); err != nil {
			return fmt.Errorf("CASCADE_TRACE: %w", err)
		}
		return nil
	}
	m.trace, err = traceTo(m.Trace)
	return err
}

// watch lets the trace know of the program, where there is one.
func (p *Program) watch(t *trace) {
	if p.tracer = t.tracer(p); p.tracer != nil {
		p.exec.Watch = p.tracer
	}
}

// watched says that somebody wants to know the times of primitives.
func (p *Program) watched() bool { return p.log != nil || p.profile != nil || p.tracer != nil }

// execWatched executes a step and tells everybody how long it took.
func (p *Program) execWatched(i int, s *step) {
	p.tracer.enter(p.exec.Step, i)
	begin := time.Now()
	s.prim.Exec(&p.exec, s.in, s.out)
	took := time.Since(begin)
	p.log.step("exec", s, took)
	p.profile.executed(i, took)
	p.tracer.executed(begin, took)
}
