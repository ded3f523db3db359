package main

import (
	"errors"
	"slices"
	"strings"

	"github.com/cascade-hpc/cascade/ops"
	"github.com/cascade-hpc/cascade/ops/bench/internal/desc"
)

var reorder = &driver{
	name: "reorder",
	choices: []choice{
		{"sdt", "f32", f32},
		{"ddt", "f32", f32},
		{"stag", "nchw", isLayout},
		{"dtag", "nchw", isLayout},
		mbChoice,
	},
	build: buildReorder,
}

// layoutTags are oneDNN's names of the blocked layouts, and the like for the batch in
// blocks, which oneDNN has only together with blocks of channels.
var layoutTags = map[string]ops.Layout{
	"nCw16c": ops.NCX16c, "nChw16c": ops.NCX16c, "nCdhw16c": ops.NCX16c,
	"aBc16b": ops.NCX16c, "aBcd16b": ops.NCX16c, "aBcde16b": ops.NCX16c, "aBx16b": ops.NCX16c, "NCX16c": ops.NCX16c,
	"Ncw16n": ops.NCX16n, "Nchw16n": ops.NCX16n, "Ncdhw16n": ops.NCX16n,
	"Abc16a": ops.NCX16n, "Abcd16a": ops.NCX16n, "Abcde16a": ops.NCX16n, "Abx16a": ops.NCX16n, "NCX16n": ops.NCX16n,
}

// layout is that of the tag, in which case matters.
func layout(tag string) (ops.Layout, error) {
	if l, ok := layoutTags[tag]; ok {
		return l, nil
	}
	if err := plain(tag); err != nil || strings.Contains(tag, ":") {
		return 0, errors.New("there are plain ones such as nchw or abx, channels in blocks such as nChw16c or aBx16b, and the batch in blocks such as Nchw16n or Abx16a")
	}
	return ops.NCX, nil
}

func isLayout(tag string) error {
	_, err := layout(tag)
	return err
}

func buildReorder(v variant, text string) (job, string, error) {
	shape, name, err := desc.Dims(text, v.mb())
	if err != nil {
		return job{}, "", err
	}
	from, err := layout(v["stag"])
	if err != nil {
		return job{}, "", err
	}
	to, err := layout(v["dtag"])
	if err != nil {
		return job{}, "", err
	}
	j := job{layouts: from.String() + ">" + to.String(), streams: true}
	// Bounds first: Size does not look for overflow.
	padded := slices.Clone(shape)
	for axis := range min(2, len(shape)) {
		padded[axis] += ops.Block - 1
	}
	j.in = []operand{{name: "src", shape: padded}}
	if err := j.validate(); err != nil {
		return job{}, "", named(text, err)
	}
	j.in = []operand{{name: "src", shape: []int{from.Size(shape)}, fill: eighths(1000, 1)}}
	j.out = []operand{{name: "dst", shape: []int{to.Size(shape)}}}
	j.make = func() (ops.Primitive, error) { return ops.NewReorder(shape, from, to) }
	return j, name, nil
}
