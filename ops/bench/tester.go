package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/cascade-hpc/cascade/ops"
)

// tester works through the problems and keeps what they share.
type tester struct {
	machines                       map[int]*machine // by the number of threads asked for
	report                         reporter
	notes                          io.Writer // what went wrong
	checked, failed, unimplemented int
}

func newTester(p plan, stdout, stderr io.Writer) *tester {
	t := &tester{machines: map[int]*machine{}, notes: stdout}
	t.report = newReporter(p, stdout, stderr)
	if p.csv {
		t.notes = stderr
	}
	return t
}

func (t *tester) close() {
	for threads, m := range t.machines {
		if threads > 0 { // else it is the pool of the process
			m.pool.Close()
		}
	}
}

func (t *tester) machine(threads int) (*machine, error) {
	m, ok := t.machines[threads]
	if !ok {
		pool, err := poolOf(threads)
		if err != nil {
			return nil, err
		}
		m = newMachine(pool)
		t.machines[threads] = m
	}
	return m, nil
}

// poolOf is a pool of a number of threads, 0 for that of the process, which otherwise is
// as the environment says.
func poolOf(threads int) (*ops.Pool, error) {
	if threads == 0 {
		return ops.Default(), ops.Default().Err()
	}
	o, err := ops.PoolOptions{}.FromEnvironment()
	if err != nil {
		return nil, err
	}
	o.Workers = threads
	return o.New()
}

// test checks and times one problem. A difference is reported and counted; an error
// is something else.
func (t *tester) test(p problem) error {
	if p.unimplemented != nil {
		t.unimplemented++
		fmt.Fprintf(t.notes, "%-26s %-14s %v\n", p.name, p.title, p.unimplemented)
		return nil
	}
	m, err := t.machine(p.threads)
	if err != nil {
		return err
	}
	e, err := p.prepare(m.pool, ops.CurrentISA())
	if err != nil {
		return err
	}
	info := e.Info()
	if skipped(info.Impl, p.skip) {
		return nil
	}
	if e.in, err = p.inputs(m.pool); err != nil {
		return err
	}
	r := result{problem: p, info: info}
	if p.check {
		t.checked++
		if r.twin, err = p.verify(e); err != nil {
			t.failed++
			fmt.Fprintf(t.notes, "FAILED %s  %s  %s\n  %v\n  repro: %s\n", p.name, p.title, info.Impl, err, reproduce(p))
			return nil
		}
	}
	if p.time {
		most, err := m.limit(p.streams)
		if err != nil {
			return err
		}
		r.timed(e.measure(p.limit), most)
	}
	return t.report.row(r)
}

func skipped(impl string, parts []string) bool {
	for _, part := range parts {
		if strings.Contains(impl, part) {
			return true
		}
	}
	return false
}

// reproduce is a command line that checks the problem alone.
func reproduce(p problem) string {
	var env string
	if isa := os.Getenv("CASCADE_ISA"); isa != "" {
		env = "CASCADE_ISA=" + isa + " "
	}
	return env + "go run ./ops/bench --mode=C " + p.repro
}

// finish reports what concerns all problems. It fails where a check did.
func (t *tester) finish() error {
	if err := t.report.finish(); err != nil {
		return err
	}
	if t.checked > 0 || t.unimplemented > 0 {
		fmt.Fprintf(t.notes, "checked: %d, failed: %d, unimplemented: %d\n", t.checked, t.failed, t.unimplemented)
	}
	if t.failed > 0 {
		return fmt.Errorf("%d of %d problems differ from the portable kernels", t.failed, t.checked)
	}
	return nil
}
