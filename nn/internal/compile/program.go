package compile

import (
	"errors"
	"fmt"
	"time"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// Program is a compiled graph: primitives over planned memory. It is for one
// goroutine at a time.
type Program struct {
	name     string
	batch    int
	steps    []*step
	exec     ops.Exec
	inputs   []Memory
	outputs  []Memory
	readers  map[string][]reader // of each input; see Bind
	zero     [][]float32         // gradients that are zero: no loss depends on their parameters
	finals   []Final             // of all that a run stores
	notice   notice              // see Notify
	exchange *exchange           // with the programs of other ranks, or nil
	notes    []note
	orElse   map[*ir.Node]string // see layoutModel.orElse
	memory   memory
	log      *verbose // these three are nil where nobody wants them
	profile  *profile
	tracer   *tracer
	closed   bool
}

// Memory is an input or output of a program.
type Memory struct {
	Name  string
	Shape []int
	Data  []float32
}

// ErrClosed is the error of a run after Close.
var ErrClosed = errors.New("the program is closed")

func newProgram(m *Module, name string) *Program {
	p := &Program{
		name: name, batch: m.Batch, steps: m.steps, notes: m.notes, orElse: m.orElse, memory: m.memory, log: m.log, exchange: m.exchange,
		exec: ops.Exec{Pool: m.Pool, Scratch: m.memory.scratch, Seed: m.Seed},
	}
	for _, in := range m.inputs {
		p.inputs = append(p.inputs, m.port(in))
	}
	for _, out := range m.outputs {
		p.outputs = append(p.outputs, m.port(out))
	}
	p.readers = make(map[string][]reader, len(p.inputs))
	for _, in := range p.inputs {
		p.readers[in.Name] = p.readersOf(in.Data)
	}
	for _, v := range m.unused {
		p.zero = append(p.zero, v.Grad)
	}
	p.findFinals(m)
	p.watch(m.trace)
	return p
}

func (m *Module) port(p Port) Memory {
	return Memory{p.Name, p.Value.Type().Shape(m.Batch), m.data(p.Value)}
}

// Run computes everything once. step tells the draws of random operations apart.
func (p *Program) Run(step uint64) error {
	if p.closed {
		return fmt.Errorf("nn: program %q: %w", p.name, ErrClosed)
	}
	p.exec.Step = step
	begin := time.Now()
	for _, g := range p.zero {
		clear(g)
	}
	p.notice.next = 0
	p.notice.passed(-1)
	for i, s := range p.steps {
		if p.watched() {
			p.execWatched(i, s)
		} else {
			s.prim.Exec(&p.exec, s.in, s.out)
		}
		p.notice.passed(i)
	}
	if p.watched() {
		took := time.Since(begin)
		p.profile.ran(took)
		p.tracer.ran(begin, took)
	}
	return p.exchange.failed(p.name)
}

// Note tells the trace, if there is one, what went on beside the last run.
func (p *Program) Note(name string, begin time.Time, took time.Duration) {
	p.tracer.note(name, begin, took)
}

// Input is the memory of an input.
func (p *Program) Input(name string) (Memory, error) { return p.find("input", name, p.inputs) }

// Output is the memory of an output.
func (p *Program) Output(name string) (Memory, error) { return p.find("output", name, p.outputs) }

func (p *Program) find(what, name string, list []Memory) (Memory, error) {
	for _, m := range list {
		if m.Name == name {
			return m, nil
		}
	}
	var names []string
	for _, m := range list {
		names = append(names, m.Name)
	}
	return Memory{}, fmt.Errorf("nn: program %q has no %s %q: %q are there", p.name, what, name, names)
}

// Batch is the number of samples of a run.
func (p *Program) Batch() int { return p.batch }

// Close gives the program's memory back.
func (p *Program) Close() {
	if p.closed {
		return
	}
	p.closed = true
	p.tracer.closed()
	_ = p.memory.arena.Close() // what cannot be given back is lost, and nothing else
	p.steps, p.memory, p.exec, p.inputs, p.outputs, p.readers = nil, memory{}, ops.Exec{}, nil, nil, nil
}

// FLOPs is the number of floating-point operations of a run.
func (p *Program) FLOPs() int64 {
	var n int64
	for _, s := range p.steps {
		n += s.info.FLOPs
	}
	return n
}
