package compile

import (
	"fmt"
	"unsafe"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// reader is a place where the memory of an input is mentioned: an argument of a
// primitive, or the input or output of the program itself.
type reader *[]float32

// readersOf finds every mention of an input's memory, under whatever shape. Nothing
// writes to it: inputs last forever in the memory plan.
func (p *Program) readersOf(input []float32) []reader {
	var found []reader
	same := func(x []float32) bool { return len(x) > 0 && unsafe.SliceData(x) == unsafe.SliceData(input) }
	for _, s := range p.steps {
		for i := range s.in {
			if same(s.in[i]) {
				found = append(found, &s.in[i])
			}
		}
	}
	for _, ports := range [][]Memory{p.inputs, p.outputs} {
		for i := range ports {
			if same(ports[i].Data) {
				found = append(found, &ports[i].Data)
			}
		}
	}
	return found
}

// Bind makes data the memory of an input, until the next Bind.
func (p *Program) Bind(name string, data []float32) error {
	if p.closed {
		return fmt.Errorf("nn: program %q: Bind %q: %w", p.name, name, ErrClosed)
	}
	in, err := p.find("input", name, p.inputs)
	if err != nil {
		return err
	}
	if len(data) != len(in.Data) {
		return fmt.Errorf("nn: program %q: Bind %q: %w: %d elements for an input %v of %d", p.name, name, ir.ErrShape, len(data), in.Shape, len(in.Data))
	}
	if len(data) == 0 {
		return nil
	}
	if off := uintptr(unsafe.Pointer(unsafe.SliceData(data))) % ops.Align; off != 0 {
		return fmt.Errorf("nn: program %q: Bind %q: the memory starts %d bytes after a multiple of %d: allocate it with ops.Alloc", p.name, name, off, ops.Align)
	}
	for _, r := range p.readers[name] {
		*r = data
	}
	return nil
}
