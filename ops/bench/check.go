package main

import (
	"fmt"
	"math"

	"github.com/cascade-hpc/cascade/ops"
)

// mismatch is an element that differs from the portable kernel's.
type mismatch struct {
	tensor          string
	at              []int
	expected, found float32
	count, of       int // elements that differ, and all
	tolerance       float64
	why             string
}

func (m *mismatch) Error() string {
	s := fmt.Sprintf("%s%v: expected %v, found %v; %d of %d elements differ", m.tensor, m.at, m.expected, m.found, m.count, m.of)
	if m.tolerance > 0 {
		s += fmt.Sprintf(" by more than %g of the largest (%s)", m.tolerance, m.why)
	}
	return s
}

// verify executes the primitive and its portable twin, in plain layout, on the same
// data and compares what they wrote. The name is the twin's implementation.
func (j job) verify(e *execution) (twin string, err error) {
	plain := j.asPlain()
	portable, err := plain.prepare(e.x.Pool, ops.Generic)
	if err != nil {
		return "", err
	}
	if portable.in, err = plain.inputs(e.x.Pool); err != nil {
		return "", err
	}
	portable.run()
	e.run()
	found, err := j.plainOutputs(e)
	if err != nil {
		return "", err
	}
	return portable.Info().Impl, j.compare(portable.out, found)
}

// compare returns a *mismatch for the first tensor in which there is one.
func (j job) compare(expected, found [][]float32) error {
	for t, o := range j.out {
		if m := j.compareTensor(o, expected[t], found[t]); m != nil {
			return m
		}
	}
	return nil
}

func (j job) compareTensor(o operand, expected, found []float32) *mismatch {
	var first *mismatch
	bound := j.tolerance * largestOf(expected)
	for i, want := range expected {
		got := found[i]
		if same(want, got) || math.Abs(float64(got)-float64(want)) <= bound && j.tolerance > 0 {
			continue
		}
		if first == nil {
			first = &mismatch{
				tensor: o.name, at: o.at(i), expected: want, found: got, of: len(expected),
				tolerance: j.tolerance, why: j.why,
			}
		}
		first.count++
	}
	return first
}

// same is equality of bits, but for the sign of zero, which depends on the order of
// additions, and memory that neither wrote, which is as good as a difference.
func same(a, b float32) bool {
	return a == b || math.Float32bits(a) == math.Float32bits(b) && math.Float32bits(a) != math.Float32bits(unwritten)
}

// largestOf is the greatest magnitude of finite elements.
func largestOf(x []float32) float64 {
	most := 0.0
	for _, v := range x {
		if a := math.Abs(float64(v)); a > most && !math.IsInf(a, 0) {
			most = a
		}
	}
	return most
}
