package nn

import (
	"cmp"
	"io"
	"slices"
	"time"

	"github.com/cascade-hpc/cascade/nn/internal/compile"
	"github.com/cascade-hpc/cascade/nn/internal/ir"
)

// ErrClosed is the error of a run of a closed program.
var ErrClosed = compile.ErrClosed

// Program is a compiled net: a flat list of primitives over one planned block of
// memory. It is for one goroutine at a time, and two programs that train the same
// net must take turns.
//
// Tensors lie in memory as the compiler finds best. CASCADE_LAYOUT=NCX, NCX16c or NCX16n
// in the environment makes it prefer one layout wherever there are kernels for it, for
// comparisons. With CASCADE_VERBOSE=1 every primitive that is created or
// executed writes a line to standard output, with its time, in the order of fields of
// oneDNN's verbose log. With CASCADE_TRACE=file the file tells when each worker worked on
// which layer, in the Trace Event Format that Perfetto (ui.perfetto.dev) opens: the last
// 131072 events, written whenever a program is closed; %p in its name is the number of the
// process, so that ranks have a file each. [Verbose] and [Trace] ask for the same in Go.
type Program struct {
	p       *compile.Program
	net     *Net                  // that was compiled
	trains  []*Net                // each once
	trained map[*ir.Variable]bool // their variables, as far as they are in the graph
}

// Run computes the outputs and, in a program that trains, the gradients. It does not
// allocate. step numbers the runs of a training: together with the program's seed
// it decides what random layers draw, and nothing else, so that a run can be
// repeated or resumed.
func (p *Program) Run(step uint64) error {
	p.begins()
	if err := p.p.Run(step); err != nil {
		return err
	}
	p.ends()
	return nil
}

// Input is the memory of an input, N x its dimensions, to be filled before a run.
// Its contents stay as they are until they are changed.
func (p *Program) Input(name string) ([]float32, error) {
	m, err := p.p.Input(name)
	return m.Data, err
}

// Bind makes data the memory of an input, in place of the program's own: a batch that
// is in memory already needs no copy. data is N x the input's dimensions, begins at a
// multiple of 64 bytes (ops.Alloc, and the batches of package data) and is read by every
// run until the next Bind. Bind costs some nanoseconds and does not allocate. Errors:
// ErrShape, ErrClosed.
func (p *Program) Bind(input string, data []float32) error { return p.p.Bind(input, data) }

// Output is the memory of an output, N x its dimensions, or of a loss, a single
// number; "loss" is the weighted sum of the losses. It holds the results of the
// last run, until the next.
func (p *Program) Output(name string) ([]float32, error) {
	m, err := p.p.Output(name)
	return m.Data, err
}

// FinalGradients says when in a run the gradients of a net are final: nothing behind
// that primitive writes or reads them any more. They come in the order of a run, which is
// nearly the opposite of the declaration's, and none for what the program does not
// train. What is sent to other ranks as soon as it is final travels while the rest of
// the backward pass goes on.
func (p *Program) FinalGradients(n *Net) []Final { return p.finals(true, n.gradients) }

// FinalStatistics says the same of the running statistics that a run updates.
func (p *Program) FinalStatistics(n *Net) []Final { return p.finals(false, n.statistics) }

// Final is something that a run stores: elements Begin to End of Net.Gradients, or of
// Net.Statistics, final behind primitive After of the run, or ahead of all with -1.
type Final struct {
	Path       string // of the parameter or statistic
	Begin, End int
	After      int
}

func (p *Program) finals(gradients bool, buffer []float32) []Final {
	var list []Final
	for _, f := range p.p.Finals() {
		v, data := f.Variable, f.Variable.Data
		if gradients {
			data = v.Grad
		}
		if f.Gradient == gradients && len(data) > 0 && v.Offset+len(data) <= len(buffer) && &buffer[v.Offset] == &data[0] {
			list = append(list, Final{Path: v.Path(), Begin: v.Offset, End: v.Offset + len(data), After: f.After})
		}
	}
	slices.SortFunc(list, func(a, b Final) int { return cmp.Or(a.After-b.After, b.Begin-a.Begin) })
	return slices.Compact(list) // a net that is applied twice updates its statistics twice
}

// Notify makes every run call do(k) behind primitive after[k], between two primitives:
// the order of after must be that of a run, and with -1 it is ahead of all. It replaces
// what an earlier call asked for; without numbers it ends that. do must not take long,
// and not change what the run reads.
func (p *Program) Notify(after []int, do func(k int)) error { return p.p.Notify(after, do) }

// Note tells the trace, if CASCADE_TRACE or Trace ask for one, what went on beside the
// last run, on a track of its own: a reduction of gradients, reading of the next batch.
// Names should be few, since each is kept. Without a trace it does nothing.
func (p *Program) Note(name string, begin time.Time, took time.Duration) { p.p.Note(name, begin, took) }

// Batch is the number of samples of a run.
func (p *Program) Batch() int { return p.p.Batch() }

// FLOPs is the number of floating-point operations of a run: two for each
// multiply-add of a tap inside the image.
func (p *Program) FLOPs() int64 { return p.p.FLOPs() }

// Explain prints what each pass of the compiler did, and the primitives in the order
// in which they run.
func (p *Program) Explain(w io.Writer) error { return p.p.Explain(w) }

// Close gives the memory back: a program that is not closed keeps it until the process
// ends. The slices of Input and Output must not be used any more; who does ends the
// process, since their memory is not of Go's heap.
func (p *Program) Close() { p.p.Close() }
