package main

import (
	"fmt"
	"strconv"

	"github.com/cascade-hpc/cascade/ops"
	"github.com/cascade-hpc/cascade/ops/bench/internal/desc"
)

var eltwise = &driver{
	name: "eltwise",
	choices: []choice{
		{"dir", "FWD_D", oneOf("FWD_D", "FWD_I", "BWD_D")},
		{"alg", "relu", func(s string) error { _, err := activation(s, ""); return err }},
		{"alpha", "", isNumber},
		{"beta", "0", isZero},
		mbChoice, dtChoice,
		{"tag", "abx", plain},
		outOfPlace,
	},
	build: buildEltwise,
}

// outOfPlace is the option of benchdnn that primitives here have no use for.
var outOfPlace = choice{"inplace", "false", oneOf("false")}

func isNumber(s string) error {
	if _, err := strconv.ParseFloat(s, 32); s != "" && err != nil {
		return fmt.Errorf("a number is needed")
	}
	return nil
}

func isZero(s string) error {
	if v, err := strconv.ParseFloat(s, 32); err != nil || v != 0 {
		return fmt.Errorf("there is 0 only")
	}
	return nil
}

func buildEltwise(v variant, text string) (job, string, error) {
	shape, name, err := desc.Dims(text, v.mb())
	if err != nil {
		return job{}, "", err
	}
	a, err := activation(v["alg"], v["alpha"])
	if err != nil {
		return job{}, "", err
	}
	j := job{layouts: ops.NCX.String(), streams: true}
	if v.is("dir", "BWD_D") {
		j.in = []operand{{name: "diff_dst", shape: shape, fill: whole(10, 1)}, {name: "data", shape: shape, fill: eighths(2, 2)}}
		j.out = []operand{{name: "diff_src", shape: shape}}
		j.make = func() (ops.Primitive, error) { return ops.NewActivationBackward(a, j.out[0].size()) }
	} else {
		j.in = []operand{{name: "src", shape: shape, fill: eighths(10, 1)}}
		j.out = []operand{{name: "dst", shape: shape}}
		j.make = func() (ops.Primitive, error) { return ops.NewActivation(a, j.out[0].size()) }
	}
	j.allow(toleranceOf(a))
	return j, name, named(text, j.validate())
}
