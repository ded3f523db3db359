package compile

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// verbose is the log of primitives that CASCADE_VERBOSE=1 asks for: a line for each
// that is created or executed, in the order of fields of oneDNN's verbose log (its
// developer guide, "Verbose Mode"):
//
//	cascade_verbose,v1,primitive,exec,cpu,convolution,brgemm:avx512,forward_training,src0_f32::blocked:abcde::f0 ...,,layer:conv_1,g1mb64ic1oc32...,0.71
//
// The last field is the time in milliseconds. The auxiliary field tells the layer.
type verbose struct {
	mu sync.Mutex
	w  *bufio.Writer
}

// newVerbose is the log that the environment asks for, or nil.
func newVerbose(setting string, w io.Writer) *verbose {
	if setting == "" || setting == "0" || setting == "none" {
		return nil
	}
	v := &verbose{w: bufio.NewWriter(w)}
	v.line("info,template:operation,engine,primitive,implementation,prop_kind,memory_descriptors,attributes,auxiliary,problem_desc,exec_time")
	return v
}

// processLog is the log that CASCADE_VERBOSE asks for; it is opened at the first
// compilation.
var processLog = sync.OnceValue(func() *verbose { return newVerbose(os.Getenv("CASCADE_VERBOSE"), os.Stdout) })

// step writes that something was done with a step's primitive. A nil log is silent.
func (v *verbose) step(operation string, s *step, took time.Duration) {
	if v == nil {
		return
	}
	var memory []string
	for i, in := range s.node.In {
		memory = append(memory, descriptor(fmt.Sprintf("src%d", i), in.Type()))
	}
	for i, out := range s.node.Out {
		memory = append(memory, descriptor(fmt.Sprintf("dst%d", i), out))
	}
	v.line(strings.Join([]string{
		operation, "cpu", s.info.Kind, s.info.Impl, s.info.Prop, strings.Join(memory, " "), "",
		"layer:" + s.layer(), strings.ReplaceAll(s.info.Problem, ",", ";"), fmt.Sprintf("%.4g", took.Seconds()*1e3),
	}, ","))
}

func descriptor(name string, t ir.Type) string {
	return fmt.Sprintf("%s_f32::blocked:%s::f0", name, tag(t))
}

// tag is oneDNN's name of a layout: a letter for each axis, a capital for one that also
// has blocks, which come last: aBcd16b.
func tag(t ir.Type) string {
	const letters = "abcdefghijkl" // oneDNN has tensors of 12 axes at most, and none without
	axes := letters[:min(max(len(t.Shape(1)), 1), len(letters))]
	switch t.Layout {
	case ops.NCX16c:
		return "aB" + axes[2:] + "16b"
	case ops.NCX16n:
		return "A" + axes[1:] + "16a"
	}
	return axes
}

func (v *verbose) line(text string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	fmt.Fprintf(v.w, "cascade_verbose,v1,primitive,%s\n", text)
	_ = v.w.Flush() // a log that cannot be written is no reason to stop
}
