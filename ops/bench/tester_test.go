package main

import (
	"bytes"
	"math"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/ops"
)

// faulty is a problem of which the kernel that is tested and the portable one compute
// different things: the first made scales by one factor, the second by another.
func faulty(t *testing.T, found, expected float32) problem {
	t.Helper()
	p := problems(t, "--mode=C", "--sum", "--sdt=f32", `2x3x4n"wrong"`)[0]
	made := 0
	p.make = func() (ops.Primitive, error) {
		made++
		if made == 1 {
			return ops.NewScale(24, found)
		}
		return ops.NewScale(24, expected)
	}
	p.in[0].fill = func(i int) float32 { return float32(i % 8) }
	return p
}

func TestDifferenceIsReported(t *testing.T) {
	var stdout, stderr bytes.Buffer
	tester := newTester(plan{}, &stdout, &stderr)
	defer tester.close()
	require.NoError(t, tester.test(faulty(t, 2, 3)))
	require.NoError(t, tester.test(problems(t, "--mode=C", "--sum", "4")[0]))
	require.ErrorContains(t, tester.finish(), "1 of 2 problems differ")
	// Elements 0, 8 and 16 are 0 for either.
	const env = `(CASCADE_ISA=\w+ )?`
	assert.Regexp(t, `^FAILED wrong  sum sdt=f32  \S+
  dst\[0 0 1\]: expected 3, found 2; 21 of 24 elements differ
  repro: `+env+regexp.QuoteMeta(`go run ./ops/bench --mode=C --sum --sdt=f32 '2x3x4n"wrong"'`)+"\n", stdout.String())
	assert.Contains(t, stdout.String(), "checked: 2, failed: 1, unimplemented: 0")
}

func TestReproSaysTheISA(t *testing.T) {
	t.Setenv("CASCADE_ISA", "avx2")
	assert.True(t, strings.HasPrefix(reproduce(problem{}), "CASCADE_ISA=avx2 go run ./ops/bench "))
	os.Unsetenv("CASCADE_ISA")
	assert.True(t, strings.HasPrefix(reproduce(problem{}), "go run ./ops/bench "))
}

func TestTolerance(t *testing.T) {
	p := faulty(t, 1, 1.0001)
	p.allow(1e-3, "of a reason")
	tester := newTester(plan{}, &bytes.Buffer{}, &bytes.Buffer{})
	require.NoError(t, tester.test(p))
	require.NoError(t, tester.finish(), "1e-4 of the largest is within 1e-3")

	var stdout bytes.Buffer
	p = faulty(t, 1, 1.0001)
	p.allow(1e-5, "of a reason")
	tester = newTester(plan{}, &stdout, &bytes.Buffer{})
	require.NoError(t, tester.test(p))
	require.Error(t, tester.finish())
	assert.Contains(t, stdout.String(), "elements differ by more than 1e-05 of the largest (of a reason)")
}

func TestCompare(t *testing.T) {
	nan := float32(math.NaN())
	inf := float32(math.Inf(1))
	for _, tc := range []struct {
		name            string
		tolerance       float64
		expected, found []float32
		same            bool
	}{
		{"the same", 0, []float32{1, 2}, []float32{1, 2}, true},
		{"one bit", 0, []float32{1, 2}, []float32{1, math.Nextafter32(2, 3)}, false},
		{"one bit, allowed", 1e-6, []float32{1, 2}, []float32{1, math.Nextafter32(2, 3)}, true},
		{"the sign of zero", 0, []float32{0}, []float32{float32(math.Copysign(0, -1))}, true},
		{"the same NaN", 0, []float32{nan}, []float32{nan}, true},
		{"NaN for a number", 1e-3, []float32{1}, []float32{nan}, false},
		{"a number for NaN", 1e-3, []float32{nan}, []float32{1}, false},
		{"infinity for a number", 1e-3, []float32{1}, []float32{inf}, false},
		{"a number beside infinity", 1e-3, []float32{inf, 1}, []float32{inf, 2}, false},
		{"what neither wrote", 1, []float32{unwritten}, []float32{unwritten}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			j := job{out: []operand{{name: "dst", shape: []int{len(tc.expected)}}}, tolerance: tc.tolerance}
			err := j.compare([][]float32{tc.expected}, [][]float32{tc.found})
			if tc.same {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, "dst[")
			}
		})
	}
}

// Data must be such that float32 adds up the largest products there may be exactly.
func TestLargest(t *testing.T) {
	for _, tc := range []struct {
		name  string
		terms int
		limit int
		exact bool
	}{
		{"none", 0, 16, true},
		{"a 1x1 kernel", 64, 16, true},
		{"the longest sum of the 3D-GAN", 64 * 6 * 5 * 8, 16, true},
		{"a gradient of its weights", 64 * 25 * 25 * 25, 4, true},
		{"the most", 1 << 24, 1, true},
		{"more", 1<<24 + 1, 1, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			limit, exact := largest(tc.terms)
			assert.Equal(t, tc.limit, limit)
			assert.Equal(t, tc.exact, exact)
			if exact {
				assert.LessOrEqual(t, tc.terms*limit*limit, exactSum)
			}
		})
	}
	p := problems(t, "--ip", "--dir=BWD_W", "mb20000000ic1oc1")[0]
	assert.NotZero(t, p.tolerance, "beyond what is exact there is a tolerance")
	assert.NotEmpty(t, p.why)
}

func TestFills(t *testing.T) {
	seen := map[float32]bool{}
	for i := range 1000 {
		v := whole(2, 1)(i)
		seen[v] = true
		assert.GreaterOrEqual(t, wholeFrom1(3, 1)(i), float32(1))
		assert.LessOrEqual(t, wholeFrom1(3, 1)(i), float32(3))
		assert.LessOrEqual(t, math.Abs(float64(eighths(1, 1)(i))), 1.0)
	}
	assert.Equal(t, map[float32]bool{-2: true, -1: true, 0: true, 1: true, 2: true}, seen)
}

func TestSkipImpl(t *testing.T) {
	status, stdout, stderr := command("--skip-impl=nothing,:", "--fix-times-per-prb=1", "--sum", "4x4")
	assert.Zero(t, status, stderr)
	assert.Empty(t, stdout, "every implementation has a colon in its name")
}

func TestMeasure(t *testing.T) {
	pool := ops.NewPool(1)
	defer pool.Close()
	j := problems(t, "--sum", "4")[0].job
	e, err := j.prepare(pool, ops.Generic)
	require.NoError(t, err)
	counted := &counter{Primitive: e.Primitive}
	e.Primitive = counted
	e.in, err = j.inputs(pool)
	require.NoError(t, err)
	got := e.measure(limit{times: 3})
	assert.Equal(t, 4, counted.n, "three, and one to warm up")
	assert.LessOrEqual(t, got.best, got.median)

	counted.n = 0
	e.measure(limit{budget: time.Nanosecond})
	assert.Equal(t, 1+minTimes, counted.n, "a median needs a few")
}

// counter counts executions.
type counter struct {
	ops.Primitive
	n int
}

func (c *counter) Exec(x *ops.Exec, in, out [][]float32) {
	c.n++
	c.Primitive.Exec(x, in, out)
}

func TestMean(t *testing.T) {
	var m mean
	m.add(2, 0.5)
	m.add(8, 0.125)
	m.add(0, 0) // an empty batch
	assert.Equal(t, 2, m.count)
	assert.InDelta(t, 4, m.rate(), 1e-12)
	assert.InDelta(t, 0.25, m.share(), 1e-12)
	m.add(4, math.NaN())
	assert.Equal(t, "-", percent(m.share()), "one unknown share makes the mean unknown")
}

func TestLimitsOfTheMachine(t *testing.T) {
	pool := ops.NewPool(2)
	defer pool.Close()
	m := newMachine(pool)
	flops, err := m.limit(false)
	require.NoError(t, err)
	if ops.CurrentISA() == ops.AVX512 {
		assert.Greater(t, flops, 1e9)
	}
	again, err := m.limit(false)
	require.NoError(t, err)
	assert.Equal(t, flops, again, "it is measured once")
	bytes, err := m.limit(true)
	require.NoError(t, err)
	assert.Greater(t, bytes, 1e6)
}
