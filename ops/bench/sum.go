package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/cascade-hpc/cascade/ops"
	"github.com/cascade-hpc/cascade/ops/bench/internal/desc"
)

var sum = &driver{
	name: "sum",
	choices: []choice{
		{"sdt", "f32:f32", f32}, // as many as there are inputs
		{"ddt", "f32", f32},
		{"stag", "abx", plain},
		{"dtag", "undef", plain},
		{"scales", "1", isOnes},
		mbChoice,
	},
	build: buildSum,
}

func isOnes(s string) error {
	for _, part := range strings.Split(s, ":") {
		if v, err := strconv.ParseFloat(part, 32); err != nil || v != 1 {
			return errors.New("there is a primitive for scales of 1 only")
		}
	}
	return nil
}

func buildSum(v variant, text string) (job, string, error) {
	shape, name, err := desc.Dims(text, v.mb())
	if err != nil {
		return job{}, "", err
	}
	inputs := 1 + strings.Count(v["sdt"], ":")
	j := job{layouts: ops.NCX.String(), streams: true, out: []operand{{name: "dst", shape: shape}}}
	for i := range inputs {
		j.in = append(j.in, operand{name: fmt.Sprintf("src%d", i), shape: shape, fill: eighths(4, uint64(i+1))})
	}
	j.make = func() (ops.Primitive, error) { return ops.NewSum(j.out[0].size(), inputs) }
	return j, name, named(text, j.validate())
}
