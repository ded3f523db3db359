package ops

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// checkPools are pools of awkward sizes, kept for the whole test process.
var checkPools = sync.OnceValue(func() []*Pool {
	var pools []*Pool
	for _, n := range []int{1, 2, 3, 7} {
		pools = append(pools, NewPool(n))
	}
	return pools
})

// guard is a NaN that no kernel makes: whatever lies beside an output, and every
// output before it is written, holds it.
var guard = math.Float32frombits(0x7fc0dead)

const guardLen = 2 * Block

func fill(x []float32, value float32) {
	for i := range x {
		x[i] = value
	}
}

// guarded returns n guard values between guard values, and a check that those
// around are untouched.
func guarded(n int) (x []float32, intact func() bool) {
	whole := make([]float32, n+2*guardLen)
	fill(whole, guard)
	return whole[guardLen : guardLen+n : guardLen+n], func() bool {
		for i, v := range whole {
			inside := i >= guardLen && i < guardLen+n
			if !inside && math.Float32bits(v) != math.Float32bits(guard) {
				return false
			}
		}
		return true
	}
}

// execute runs a primitive on one pool, with poisoned scratch memory, and
// requires that it writes nothing but its outputs. A length of −1 stands for an
// output that is not wanted.
func execute(t *testing.T, pool *Pool, p Primitive, in [][]float32, lengths ...int) [][]float32 {
	t.Helper()
	x := NewExec(pool, p)
	x.Seed, x.Step = 42, 3
	fill(x.Scratch, guard)
	out := make([][]float32, len(lengths))
	intact := make([]func() bool, len(lengths))
	for i, n := range lengths {
		intact[i] = func() bool { return true }
		if n >= 0 {
			out[i], intact[i] = guarded(n)
		}
	}
	before := make([][]float32, len(in))
	for i := range in {
		before[i] = slices.Clone(in[i])
	}
	p.Exec(x, in, out)
	for i := range out {
		require.True(t, intact[i](), "memory beside output %d was written", i)
		unwritten := slices.IndexFunc(out[i], func(v float32) bool { return math.Float32bits(v) == math.Float32bits(guard) })
		require.Equal(t, -1, unwritten, "an element of output %d that was not written", i)
	}
	for i := range in {
		requireSameBits(t, before[i], in[i], "input %d was written", i)
	}
	return out
}

// check executes a primitive on every pool, in place too where it can, and
// requires the same bits from all and no allocation. It returns the outputs.
func check(t *testing.T, p Primitive, in [][]float32, lengths ...int) [][]float32 {
	t.Helper()
	pools := checkPools()
	want := execute(t, pools[0], p, in, lengths...)
	for _, pool := range pools[1:] {
		got := execute(t, pool, p, in, lengths...)
		for i := range want {
			requireSameBits(t, want[i], got[i], "output %d with %d workers", i, pool.Workers())
		}
	}
	if p.Info().InPlace && len(in[0]) == lengths[0] {
		checkInPlace(t, p, in, want)
	}
	x, out := NewExec(pools[1], p), make([][]float32, len(want))
	for i := range want {
		if want[i] != nil {
			out[i] = make([]float32, len(want[i]))
		}
	}
	require.Zero(t, allocations(func() { p.Exec(x, in, out) }), "allocations of an execution")
	info := p.Info()
	require.NotEmpty(t, info.Kind)
	require.NotEmpty(t, info.Impl)
	require.NotEmpty(t, info.Problem)
	return want
}

// allocations is how often a function allocates. What others allocate meanwhile, the
// runtime among them, is counted too, but not every time.
func allocations(f func()) float64 {
	least := testing.AllocsPerRun(3, f)
	for try := 1; try < 5 && least > 0; try++ {
		least = min(least, testing.AllocsPerRun(3, f))
	}
	return least
}

// checkInPlace requires the same results when out[0] is the memory of in[0].
func checkInPlace(t *testing.T, p Primitive, in, want [][]float32) {
	t.Helper()
	shared, out := slices.Clone(in), make([][]float32, len(want))
	shared[0] = slices.Clone(in[0])
	for i := range want {
		out[i] = slices.Clone(want[i])
	}
	out[0] = shared[0]
	x := NewExec(checkPools()[2], p)
	x.Seed, x.Step = 42, 3
	p.Exec(x, shared, out)
	for i := range want {
		requireSameBits(t, want[i], out[i], "output %d in place", i)
	}
}

func requireSameBits(t *testing.T, want, got []float32, format string, args ...any) {
	t.Helper()
	require.Len(t, got, len(want))
	for i := range want {
		if math.Float32bits(want[i]) != math.Float32bits(got[i]) {
			require.Failf(t, fmt.Sprintf(format, args...), "element %d is %v, where %v is expected", i, got[i], want[i])
		}
	}
}

// assertNear compares with a float64 reference, relative to its largest element.
func assertNear(t *testing.T, want []float64, got []float32, tolerance float64, what string) {
	t.Helper()
	require.Len(t, got, len(want), what)
	biggest := 0.0
	for _, v := range want {
		biggest = max(biggest, math.Abs(v))
	}
	for i, w := range want {
		if diff := math.Abs(float64(got[i]) - w); !(diff <= tolerance*biggest) {
			assert.Failf(t, what, "element %d is %v, where %v is expected (off by %.2g of the largest)", i, got[i], w, diff/biggest)
			return
		}
	}
}

// must is for constructors that have to succeed.
func must(t testing.TB, p Primitive, err error) Primitive {
	t.Helper()
	require.NoError(t, err)
	return p
}

// noise returns n normal numbers, different for every seed.
func noise(n int, seed uint64) []float32 {
	r := rand.New(rand.NewPCG(seed, 0x5eed))
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}

// integers returns n whole numbers from −limit to limit.
func integers(n, limit int, seed uint64) []float32 {
	r := rand.New(rand.NewPCG(seed, 0x1d))
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.IntN(2*limit+1) - limit)
	}
	return x
}

func widen(x []float32) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}

func scalarProduct(a, b []float32) float64 {
	s := 0.0
	for i := range a {
		s += float64(a[i]) * float64(b[i])
	}
	return s
}

// slope is the gradient of f at x by central differences.
func slope(x []float32, f func(x []float64) float64) []float64 {
	const h = 1e-5
	at, g := widen(x), make([]float64, len(x))
	for i, v := range at {
		at[i] = v + h
		up := f(at)
		at[i] = v - h
		g[i] = (up - f(at)) / (2 * h)
		at[i] = v
	}
	return g
}

// against is the scalar ⟨y, diff⟩ whose gradient a backward primitive computes.
func against(y []float64, diff []float32) float64 {
	s := 0.0
	for i, v := range y {
		s += v * float64(diff[i])
	}
	return s
}
