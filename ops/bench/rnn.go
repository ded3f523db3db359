package main

import (
	"fmt"
	"math"
	"math/bits"
	"strings"

	"github.com/cascade-hpc/cascade/ops"
	"github.com/cascade-hpc/cascade/ops/bench/internal/desc"
)

const rnnDirs = "FWD_D, FWD_I, BWD_DW"

var rnn = &driver{
	name: "rnn",
	choices: []choice{
		{"dir", "", isRNNDir},
		{"prop", "FWD_D", isRNNDir},
		{"alg", "VANILLA_RNN", oneOf("VANILLA_RNN", "VANILLA_LSTM", "VANILLA_GRU", "LBR_GRU", "VANILLA_AUGRU", "LBR_AUGRU")},
		{"activation", "RELU", oneOf("RELU", "LOGISTIC", "TANH")},
		{"direction", "left2right", oneOf("left2right", "right2left", "concat", "sum")},
		{"l", "0", wholeNumber},
		{"t", "0", wholeNumber},
		mbChoice, cfgChoice,
		{"tag", "any", isRNNTag},
		{"scaling", "", oneOf("", "none")},
		{"skip-nonlinear", "false", oneOf("false", "true")},
		{"trivial-strides", "true", oneOf("false", "true")}, // tensors here are dense
		{"with-peephole", "false", oneOf("false", "true")},
		{"with-projection", "false", oneOf("false", "true")},
		{"flags", "", oneOf("", "O")}, // gradients here are always written, not added
	},
	build: buildRNN,
}

// isRNNDir takes the option dir too, as the other drivers call prop. BWD_D is what old
// batch files call the gradients of everything.
func isRNNDir(s string) error {
	if oneOf("", "FWD_D", "FWD_I", "BWD_DW", "BWD_D")(s) != nil {
		return fmt.Errorf("there are %s", rnnDirs)
	}
	return nil
}

// isRNNTag takes the order of a sequence in memory, and any of the weights and of dst.
func isRNNTag(s string) error {
	parts := strings.Split(s, ":")
	if oneOf("any", "abx", "tnc", "ntc")(parts[0]) != nil {
		return fmt.Errorf("there are any, abx, tnc and ntc")
	}
	for _, p := range parts[1:] {
		if oneOf("any", "undef", "abx")(p) != nil {
			return fmt.Errorf("of the weights and dst there is any")
		}
	}
	return nil
}

var rnnCells = map[string]ops.RNNCell{
	"VANILLA_RNN": ops.VanillaRNN, "VANILLA_LSTM": ops.LSTM, "VANILLA_GRU": ops.GRU, "LBR_GRU": ops.LBRGRU,
}

func buildRNN(v variant, text string) (job, string, error) {
	d, name, err := desc.RNN(text, desc.RNNSizes{Layers: v.integer("l"), Steps: v.integer("t"), Batch: v.mb()})
	if err != nil {
		return job{}, name, err
	}
	cell, ok := rnnCells[strings.ToUpper(v["alg"])]
	switch {
	case !ok:
		err = fmt.Errorf("%w: %s", desc.ErrUnimplemented, v["alg"])
	case v.is("direction", "concat", "sum"):
		err = fmt.Errorf("%w: both directions: a primitive has one", desc.ErrUnimplemented)
	case v.is("with-peephole", "true") || v.is("with-projection", "true") || v.is("skip-nonlinear", "true"):
		err = fmt.Errorf("%w: peepholes, projections and cells without their activations", desc.ErrUnimplemented)
	}
	if err != nil {
		return job{}, name, named(text, err)
	}
	d.Cell, d.Reverse = cell, v.is("direction", "right2left")
	if cell == ops.VanillaRNN { // the others have their own, whatever the option says
		d.Activation.Kind = activations[strings.ToLower(v["activation"])]
	}
	d.BatchFirst = strings.HasPrefix(strings.ToLower(v["tag"]), "ntc")
	j := rnnJob(d, v)
	return j, name, named(text, j.validate())
}

func rnnJob(d ops.RNNDesc, v variant) job {
	dir := v["dir"]
	if dir == "" {
		dir = v["prop"]
	}
	t := tensorsOf(d)
	j := job{layouts: "TNC"}
	if d.BatchFirst {
		j.layouts = "NTC"
	}
	passes := 1
	switch strings.ToUpper(dir) {
	case "FWD_I":
		j.make = func() (ops.Primitive, error) { return ops.NewRNNInference(d) }
		j.in, j.out = t.inputs(), []operand{t.dst}
	case "FWD_D":
		j.make = func() (ops.Primitive, error) { return ops.NewRNN(d) }
		j.in, j.out = t.inputs(), []operand{t.dst, t.workspace}
	default:
		passes = 2
		j.make = func() (ops.Primitive, error) { return ops.NewRNNBackward(d) }
		j.backward(d, t)
	}
	if d.Cell == ops.LSTM && passes == 1 {
		j.out = append(j.out, operand{name: "dst_iter_c", shape: t.state.shape})
	}
	// benchdnn's: an error of a rounding for each level of the sums, over all steps.
	levels := bits.Len(uint((d.IC + d.HC) * d.T))
	j.allow(4*float64(passes*levels)*math.Pow(2, -23), "sums and activations are rounded in the order and the way of each kernel")
	return j
}

// rnnTensors are a layer's tensors, by the names of oneDNN.
type rnnTensors struct {
	cell                                      ops.RNNCell
	src, weights, recurrent, bias, state, dst operand
	workspace                                 operand
}

// tensorsOf gives the weights magnitudes with which states neither die nor grow.
func tensorsOf(d ops.RNNDesc) rnnTensors {
	outer, inner := d.T, d.N
	if d.BatchFirst {
		outer, inner = inner, outer
	}
	gates := d.Cell.Gates()
	one := ops.RNNDesc{Cell: d.Cell, T: 1, N: 1, HC: 1}
	return rnnTensors{
		cell:      d.Cell,
		src:       operand{name: "src_layer", shape: []int{outer, inner, d.IC}, fill: eighths(1, 1)},
		weights:   operand{name: "weights_layer", shape: []int{gates, d.HC, d.IC}, fill: share(d.IC, 2)},
		recurrent: operand{name: "weights_iter", shape: []int{gates, d.HC, d.HC}, fill: share(d.HC, 3)},
		bias:      operand{name: "bias", shape: []int{d.Cell.Biases(), d.HC}, fill: eighths(1, 4)},
		state:     operand{name: "src_iter", shape: []int{d.N, d.HC}, fill: eighths(1, 5)},
		dst:       operand{name: "dst_layer", shape: []int{outer, inner, d.HC}, fill: eighths(1, 6)},
		workspace: operand{name: "workspace", shape: []int{outer, inner, d.HC, one.WorkspaceLen()}, fill: eighths(1, 7)},
	}
}

// share fills with numbers of which as many as terms add up to the order of 1.
func share(terms int, seed uint64) func(i int) float32 {
	scale, fill := float32(1/math.Sqrt(float64(terms))), eighths(1, seed)
	return func(i int) float32 { return scale * fill(i) }
}

func (t rnnTensors) inputs() []operand {
	in := []operand{t.src, t.weights, t.recurrent, t.bias, t.state}
	if t.cell == ops.LSTM {
		in = append(in, operand{name: "src_iter_c", shape: t.state.shape, fill: eighths(1, 8)})
	}
	return in
}

// backward takes the gradients of everything. States and workspace are as good as
// those of a forward pass: gates and states lie within ±1.
func (j *job) backward(d ops.RNNDesc, t rnnTensors) {
	diff := operand{name: "diff_dst_layer", shape: t.dst.shape, fill: eighths(1, 9)}
	j.in = []operand{diff, t.src, t.weights, t.recurrent, t.state, t.dst, t.workspace}
	j.out = []operand{
		{name: "diff_src_layer", shape: t.src.shape},
		{name: "diff_weights_layer", shape: t.weights.shape},
		{name: "diff_weights_iter", shape: t.recurrent.shape},
		{name: "diff_bias", shape: t.bias.shape},
		{name: "diff_src_iter", shape: t.state.shape},
	}
	if d.Cell == ops.LSTM {
		j.in = append(j.in,
			operand{name: "src_iter_c", shape: t.state.shape, fill: eighths(1, 8)},
			operand{name: "diff_dst_iter_c", shape: t.state.shape, fill: eighths(1, 10)})
		j.out = append(j.out, operand{name: "diff_src_iter_c", shape: t.state.shape})
	}
}
