package ops

import (
	"slices"
	"testing"

	"github.com/cascade-hpc/cascade/ops/avx512"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// onKernels runs a test with each set of kernels of the machine.
func onKernels(t *testing.T, test func(t *testing.T, k kernels)) {
	onEveryISA(t, func(t *testing.T) { test(t, currentKernels()) })
}

// refBrgemm is brgemm as its formula says.
func refBrgemm(g brgemm) {
	for i := range g.rows {
		for j := range g.cols {
			sum := 0.0
			for _, p := range g.planes {
				for _, t := range g.taps {
					for k := range g.k {
						sum += float64(g.a[(p.A+t.A)*g.aStride+k*g.rows+i]) * float64(g.b[g.bStart+p.B+t.B+k*g.bStride+j])
					}
				}
			}
			if g.accumulate {
				sum += float64(g.c[i*g.cStride+j])
			}
			g.c[i*g.cStride+j] = float32(sum)
		}
	}
}

// Every tile, with every width of its last vector, reads and writes what the
// formula says and nothing beside it.
func TestBrgemm(t *testing.T) {
	onKernels(t, func(t *testing.T, k kernels) {
		const widest = 9 * Block // more than one tile of any number of rows
		for _, depth := range []int{1, 3, 4, 9} {
			bStride := widest + 7
			as, bs := fence(t, 6*depth*k.rows), fence(t, 8+(depth-1)*bStride+widest)
			cs := fence(t, k.rows*(widest+3))
			for rows := 1; rows <= k.rows; rows++ {
				for cols := 1; cols <= widest; cols++ {
					g := brgemm{
						rows: rows, cols: cols, k: depth, planes: []avx512.Tap{{A: 3, B: 3}, {A: 0, B: 0}}, taps: tapsAt(5, 0, 2),
						aStride: rows * depth, bStride: bStride, cStride: cols + 3, accumulate: (rows+cols)%2 == 0,
					}
					checkBrgemm(t, k, g, as, bs, cs)
					if depth > 1 && cols < 40 {
						// Backwards through b, as a data gradient goes through a row.
						for i := range g.taps {
							g.taps[i].B += (depth - 1) * bStride
						}
						g.bStride = -bStride
						checkBrgemm(t, k, g, as, bs, cs)
						// From there, to taps before it.
						for i := range g.taps {
							g.taps[i].B -= (depth - 1) * bStride
						}
						g.bStart = (depth - 1) * bStride
						checkBrgemm(t, k, g, as, bs, cs)
					}
				}
			}
		}
	})
}

// tapsAt are taps at places of b, one after the other in a.
func tapsAt(places ...int) (taps []avx512.Tap) {
	for i, b := range places {
		taps = append(taps, avx512.Tap{A: i, B: b})
	}
	return taps
}

func checkBrgemm(t *testing.T, k kernels, g brgemm, as, bs, cs [2][]float32) {
	t.Helper()
	la := len(g.planes) * len(g.taps) * g.aStride
	lb := 8 + (g.k-1)*max(g.bStride, -g.bStride) + g.cols
	lc := (g.rows-1)*g.cStride + g.cols
	for side := range 2 {
		g.a, g.b, g.c = beside(as, side, la), beside(bs, side, lb), beside(cs, side, lc)
		copy(g.a, integers(la, 5, 1))
		copy(g.b, integers(lb, 5, 2))
		copy(g.c, integers(lc, 5, 3)) // between the rows too, where nothing may be written
		want := slices.Clone(g.c)
		ref := g
		ref.c = want
		refBrgemm(ref)
		k.brgemm(g)
		requireSameBits(t, want, g.c, "%d rows, %d columns, k %d", g.rows, g.cols, g.k)
	}
}

// beside is n floats that touch the fence on one side.
func beside(f [2][]float32, side, n int) []float32 {
	if side == 0 {
		return f[0][len(f[0])-n:]
	}
	return f[1][:n:n]
}

func TestBrgemmOfNothing(t *testing.T) {
	onKernels(t, func(t *testing.T, k kernels) {
		for name, g := range map[string]brgemm{
			"no taps":   {rows: 2, cols: 3, k: 4, planes: tapsAt(0), cStride: 4},
			"no planes": {rows: 2, cols: 3, k: 4, taps: tapsAt(0), cStride: 4},
			"no k":      {rows: 2, cols: 3, planes: tapsAt(0), taps: tapsAt(0), cStride: 4},
		} {
			g.c = []float32{1, 2, 3, 4, 5, 6, 7}
			g.accumulate = true
			k.brgemm(g)
			assert.Equal(t, []float32{1, 2, 3, 4, 5, 6, 7}, g.c, name)
			g.accumulate = false
			k.brgemm(g)
			assert.Equal(t, []float32{0, 0, 0, 4, 0, 0, 0}, g.c, name)
		}
		k.brgemm(brgemm{rows: 1, k: 1, planes: tapsAt(0), taps: tapsAt(0)}) // no columns
	})
}

// A call that would keep the scheduler out for too long is cut along planes, taps,
// columns and runs.
func TestLongCalls(t *testing.T) {
	onKernels(t, func(t *testing.T, k kernels) {
		const cols, depth = 100, 40
		for _, count := range []int{40, 150} { // several planes a call, or several calls a plane
			planes, taps := make([]avx512.Tap, 6), make([]avx512.Tap, count)
			for i := range planes {
				planes[i] = avx512.Tap{A: i * count, B: i}
			}
			for i := range taps {
				taps[i] = avx512.Tap{A: i, B: i * 3 % 17}
			}
			a, b := integers(len(planes)*count*depth*k.rows, 2, 1), integers(22+depth*cols, 2, 2)
			g := brgemm{rows: k.rows, cols: cols, k: depth, a: a, b: b, planes: planes, taps: taps, aStride: depth * k.rows, bStride: cols, cStride: cols}
			got, want := g, g
			got.c, want.c = make([]float32, k.rows*cols), make([]float32, k.rows*cols)
			k.brgemm(got)
			refBrgemm(want)
			requireSameBits(t, want.c, got.c, "brgemm of %d taps", count)
		}

		d := dot{rows: k.dotRows, runs: 40, length: 3000, aStride: 1, aStep: 1, bStep: 2, off: make([]int, 20), sumStride: 20}
		d.a, d.b, d.sums = integers(3100, 2, 3), integers(3100, 2, 4), make([]float32, d.rows*20)
		sums := make([]float32, len(d.sums))
		refDot(d, sums)
		k.dot(d)
		requireSameBits(t, sums, d.sums, "dot")
	})
}

// refDot is dot as its formula says.
func refDot(d dot, sums []float32) {
	for i := range d.rows {
		for j, o := range d.off {
			sum := 0.0
			for r := range d.runs {
				for q := range d.length {
					sum += float64(d.a[r*d.aStep+i*d.aStride+q]) * float64(d.b[d.bStart+r*d.bStep+o+q])
				}
			}
			sums[i*d.sumStride+j] += float32(sum)
		}
	}
}

// Every tile, with every number of offsets in the last and every length of a run.
func TestDot(t *testing.T) {
	onKernels(t, func(t *testing.T, k kernels) {
		as, bs := fence(t, 4+k.dotRows*40), fence(t, 9+40)
		for rows := 1; rows <= k.dotRows; rows++ {
			for offsets := 1; offsets <= 17; offsets++ {
				off := make([]int, offsets)
				for j := range off {
					off[j] = j * 5 % 7
				}
				d := dot{rows: rows, runs: 2, aStep: 4, bStep: 3, off: off, sumStride: offsets + 2}
				for length := 0; length <= 40; length++ {
					d.length, d.aStride = length, length
					checkDot(t, k, d, as, bs)
				}
				// From a place in b to offsets before it.
				for j := range off {
					off[j] -= 6
				}
				d.length, d.aStride, d.bStart = 35, 35, 6
				checkDot(t, k, d, as, bs)
			}
		}
	})
}

func checkDot(t *testing.T, k kernels, d dot, as, bs [2][]float32) {
	t.Helper()
	for side := range 2 {
		d.a, d.b = beside(as, side, 4+d.rows*d.length), beside(bs, side, d.bStart+slices.Max(d.off)+3+d.length)
		copy(d.a, integers(len(d.a), 5, 1))
		copy(d.b, integers(len(d.b), 5, 2))
		sums, intact := guarded(d.rows*d.sumStride - 2)
		copy(sums, integers(len(sums), 5, 3)) // between the rows too, where nothing may be written
		want := slices.Clone(sums)
		refDot(d, want)
		d.sums = sums
		k.dot(d)
		require.True(t, intact())
		requireSameBits(t, want, sums, "%d rows of %d, %d offsets", d.rows, d.length, len(d.off))
	}
}

func TestDotOfNothing(t *testing.T) {
	onKernels(t, func(t *testing.T, k kernels) {
		x := []float32{1, 2, 3}
		d := dot{rows: 1, length: 3, a: x, b: x, off: []int{0}, runs: 1}
		for name, nothing := range map[string]func(d *dot){
			"no length":  func(d *dot) { d.length = 0 },
			"no offsets": func(d *dot) { d.off = nil },
			"no runs":    func(d *dot) { d.runs = 0 },
		} {
			e := d
			e.sums = []float32{7}
			nothing(&e)
			k.dot(e)
			assert.Equal(t, []float32{7}, e.sums, name)
		}
	})
}

// Operands that are too short stop the kernel's caller, never the kernel.
func TestShortOperands(t *testing.T) {
	onKernels(t, func(t *testing.T, k kernels) {
		x := make([]float32, 64)
		g := brgemm{rows: 2, cols: 20, k: 2, planes: oneTap[:], taps: tapsAt(0, 4), aStride: 4, bStride: 20, cStride: 20}
		for name, short := range map[string]func(g *brgemm){
			"a":                func(g *brgemm) { g.a = x[:7:7] },
			"b":                func(g *brgemm) { g.b = x[:43:43] },
			"c":                func(g *brgemm) { g.c = x[:39:39] },
			"a tap below a":    func(g *brgemm) { g.taps = []avx512.Tap{{A: -1}} },
			"a tap beyond a":   func(g *brgemm) { g.taps = []avx512.Tap{{A: 16}} },
			"a tap below b":    func(g *brgemm) { g.taps = tapsAt(0, -1) },
			"a tap beyond b":   func(g *brgemm) { g.taps = tapsAt(0, 30) },
			"a plane beyond b": func(g *brgemm) { g.planes = tapsAt(30) },
			"a stride below b": func(g *brgemm) { g.bStride = -20 },
		} {
			bad := g
			bad.a, bad.b, bad.c = x, x, x
			k.brgemm(bad)
			short(&bad)
			assert.Panics(t, func() { k.brgemm(bad) }, "brgemm: %s", name)
		}
		d := dot{rows: 1, length: 20, off: make([]int, 9), runs: 1}
		for name, short := range map[string]func(d *dot){
			"a":                 func(d *dot) { d.a = x[:19:19] },
			"b":                 func(d *dot) { d.b = x[:19:19] },
			"sums":              func(d *dot) { d.sums = x[:3:3] },
			"a start beyond b":  func(d *dot) { d.bStart = 45 },
			"an offset below b": func(d *dot) { d.off = []int{0, 0, -1} },
			"a run beyond a":    func(d *dot) { d.runs, d.aStep = 2, 45 },
			"a run beyond b":    func(d *dot) { d.runs, d.bStep = 2, 45 },
		} {
			bad := d
			bad.a, bad.b, bad.sums = x, x, x[:9]
			k.dot(bad)
			short(&bad)
			assert.Panics(t, func() { k.dot(bad) }, "dot: %s", name)
		}
	})
}
