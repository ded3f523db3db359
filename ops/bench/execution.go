package main

import (
	"math"
	"slices"
	"time"

	"github.com/cascade-hpc/cascade/ops"
)

// execution is a primitive with memory to work on.
type execution struct {
	ops.Primitive
	x       *ops.Exec
	in, out [][]float32
}

// unwritten is what outputs hold before an execution: a NaN that no kernel makes.
var unwritten = math.Float32frombits(0x7fc0dead)

// prepare makes the primitive for an instruction set no better than isa.
func (j job) prepare(pool *ops.Pool, isa ops.ISA) (*execution, error) {
	restore := ops.LowerISA(isa)
	defer restore()
	p, err := j.make()
	if err != nil {
		return nil, err
	}
	e := &execution{Primitive: p, x: ops.NewExec(pool, p)}
	for _, o := range j.out {
		if o.shape == nil {
			e.out = append(e.out, nil)
			continue
		}
		memory := ops.Alloc(o.size())
		filling{memory, func(int) float32 { return unwritten }}.run(pool)
		e.out = append(e.out, memory)
	}
	return e, nil
}

// inputs are the job's data.
func (j job) inputs(pool *ops.Pool) ([][]float32, error) {
	var in [][]float32
	for _, o := range j.in {
		memory := ops.Alloc(ops.NCX.Size(o.shape))
		filling{memory, o.fill}.run(pool)
		memory, err := o.fromPlain(pool, memory)
		if err != nil {
			return nil, err
		}
		in = append(in, memory)
	}
	return in, nil
}

// plainOutputs are the execution's, in plain layout.
func (j job) plainOutputs(e *execution) ([][]float32, error) {
	var out [][]float32
	for i, o := range j.out {
		memory, err := o.toPlain(e.x.Pool, e.out[i])
		if err != nil {
			return nil, err
		}
		out = append(out, memory)
	}
	return out, nil
}

// fromPlain brings a plain tensor into the operand's order.
func (o operand) fromPlain(pool *ops.Pool, memory []float32) ([]float32, error) {
	switch {
	case o.packed != nil:
		return reordered(pool, memory, o.packed.length, o.packed.to)
	case o.layout != ops.NCX:
		return reordered(pool, memory, o.size(), func() (ops.Primitive, error) { return ops.NewReorder(o.shape, ops.NCX, o.layout) })
	}
	return memory, nil
}

// toPlain is the opposite.
func (o operand) toPlain(pool *ops.Pool, memory []float32) ([]float32, error) {
	size := ops.NCX.Size(o.shape)
	switch {
	case o.packed != nil:
		return reordered(pool, memory, size, o.packed.plain)
	case o.layout != ops.NCX:
		return reordered(pool, memory, size, func() (ops.Primitive, error) { return ops.NewReorder(o.shape, o.layout, ops.NCX) })
	}
	return memory, nil
}

// reordered is a tensor in another order, of some length.
func reordered(pool *ops.Pool, memory []float32, length int, by func() (ops.Primitive, error)) ([]float32, error) {
	p, err := by()
	if err != nil {
		return nil, err
	}
	out := ops.Alloc(length)
	p.Exec(ops.NewExec(pool, p), [][]float32{memory}, [][]float32{out})
	return out, nil
}

func (e *execution) run() { e.Exec(e.x, e.in, e.out) }

// filling is the task of filling memory.
type filling struct {
	memory []float32
	with   func(i int) float32
}

const fillPart = 1 << 16

func (f filling) run(pool *ops.Pool) { pool.Run((len(f.memory)+fillPart-1)/fillPart, f) }

// Part implements ops.Task.
func (f filling) Part(_, part int) {
	first := part * fillPart
	for i := range f.memory[first:min(first+fillPart, len(f.memory))] {
		f.memory[first+i] = f.with(first + i)
	}
}

// times are the best and the median time of an execution.
type times struct{ best, median time.Duration }

// minTimes is the least number of executions that a median is made of.
const minTimes = 5

// measure executes until the limit, once more before that to warm up.
func (e *execution) measure(l limit) times {
	e.run()
	var all []time.Duration
	over := func(since time.Time) bool {
		if l.times > 0 {
			return len(all) >= l.times
		}
		return len(all) >= minTimes && time.Since(since) >= l.budget
	}
	for begin := time.Now(); !over(begin); {
		start := time.Now()
		e.run()
		all = append(all, time.Since(start))
	}
	slices.Sort(all)
	return times{best: all[0], median: all[len(all)/2]}
}
