package ops

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// loopCase is one way to call a loop on operands of the same length.
type loopCase struct {
	name    string
	in, out int
	ulps    int // by which the result may differ from the portable one
	run     func(l *loops, out, in [][]float32)
	// slack, if there is one, is the difference from the portable result that is allowed
	// besides: where digits cancel, or results are subnormal. An infinite one allows NaN.
	slack func(in [][]float32, i int) float64
	// atMost bounds the elements of the inputs, unless it is 0.
	atMost float32
}

// operands are inputs, and what is in the outputs before.
func (tc loopCase) operands(n int) (in, out [][]float32) {
	all := operands(tc.in+tc.out, n)
	for _, x := range all {
		for i, v := range x {
			if tc.atMost != 0 {
				x[i] = min(v, tc.atMost)
			}
		}
	}
	return all[:tc.in], all[tc.in:]
}

var loopCases = []loopCase{
	exact("add", 2, 1, func(l *loops, out, in [][]float32) { l.add(out[0], in[0], in[1]) }),
	exact("mul", 2, 1, func(l *loops, out, in [][]float32) { l.mul(out[0], in[0], in[1]) }),
	exact("scale", 1, 1, func(l *loops, out, in [][]float32) { l.scale(out[0], in[0], 1.7) }),
	exact("shift", 1, 1, func(l *loops, out, in [][]float32) { l.shift(out[0], in[0], 1.7) }),
	exact("clip", 1, 1, func(l *loops, out, in [][]float32) { l.clip(out[0], in[0], 0.7) }),
	exact("fill", 0, 1, func(l *loops, out, _ [][]float32) { l.fill(out[0], -2.5) }),
	activationCase(Activation{}, 0),
	activationCase(Activation{Kind: ReLU}, 0),
	activationCase(Activation{LeakyReLU, 0.3}, 0),
	activationCase(Activation{LeakyReLU, 0}, 0),
	activationCase(Activation{ELU, 1}, 1),
	activationCase(Activation{ELU, 0}, 1),
	activationCase(Activation{Kind: Tanh}, 2),
	activationCase(Activation{Kind: Sigmoid}, 2),
	activationCase(Activation{Kind: Softplus}, 2),
	activationCase(Activation{Kind: SiLU}, 3),
	activationCase(Activation{Kind: GELU}, 8),
	gradientCase(Activation{Kind: ReLU}, 0),
	gradientCase(Activation{LeakyReLU, 0.3}, 0),
	gradientCase(Activation{ELU, 1.5}, 0),
	gradientCase(Activation{Kind: Tanh}, 0),
	gradientCase(Activation{Kind: Sigmoid}, 0),
	gradientCase(Activation{Kind: Softplus}, 3),
	gradientCase(Activation{Kind: SiLU}, 3),
	gradientCase(Activation{Kind: GELU}, 3),
	exact("normalise", 1, 1, func(l *loops, out, in [][]float32) {
		l.normalise(channelLine{centre: 0.3, slope: 1.7, offset: -0.4}, out[0], in[0], oneRun(len(out[0])))
	}),
	exact("normalise backward", 2, 1, func(l *loops, out, in [][]float32) {
		p := channelPlane{centre: 0.3, byDiff: 1.7, bySrc: -0.2, offset: -0.4}
		l.normaliseBackward(p, out[0], in[0], in[1], oneRun(len(out[0])))
	}),
	exact("moving average", 2, 1, func(l *loops, out, in [][]float32) { l.movingAverage(out[0], in[0], in[1], 0.9, 0.13) }),
	lossCase(MSE, 0),
	lossCase(MAE, 0),
	lossCase(MAPE, 0),
	lossCase(BCE, 3),
	{
		name: "exp", in: 1, out: 1, ulps: 3, slack: always(1e-6), atMost: 3,
		run: func(l *loops, out, in [][]float32) { l.exp(out[0], in[0], 3) },
	},
	exact("softmax backward", 2, 1, func(l *loops, out, in [][]float32) { l.softmaxBackward(out[0], in[0], in[1], 0.3) }),
	dropoutCase("few", 0.1, dropping{seed: 42, stream: 7, block: 3 << 32}),
	dropoutCase("most", 0.9, dropping{seed: 1<<63 + 5, stream: 1<<40 + 1, block: 1<<60 + 1000}),
	dropoutCase("all but none", 0x1p-24, dropping{}),
	dropoutCase("up to the last block", 1-0x1p-24, dropping{seed: 9, block: math.MaxUint32 - 1<<14}),
}

// exact is a loop that gives the bits of the portable one.
func exact(name string, in, out int, run func(l *loops, out, in [][]float32)) loopCase {
	return loopCase{name: name, in: in, out: out, run: run}
}

// activationCase allows an error of a subnormal number, times the argument.
func activationCase(a Activation, ulps int) loopCase {
	return loopCase{
		name: a.Kind.String(), in: 1, out: 1, ulps: ulps,
		run: func(l *loops, out, in [][]float32) { l.activate(a, out[0], in[0]) },
		slack: func(in [][]float32, i int) float64 {
			if ulps > 1 {
				return math.SmallestNonzeroFloat32 * math.Abs(float64(in[0][i]))
			}
			return 0
		},
	}
}

// gradientCase allows for the digits that cancel where a derivative is near 0, and for
// an infinite gradient times a derivative too small for float32.
func gradientCase(a Activation, ulps int) loopCase {
	return loopCase{
		name: a.Kind.String() + " backward", in: 2, out: 1, ulps: ulps,
		run: func(l *loops, out, in [][]float32) { l.activateBackward(a, out[0], in[0], in[1]) },
		slack: func(in [][]float32, i int) float64 {
			if a.FromDst() {
				return 0
			}
			return 2e-7 * math.Abs(float64(in[0][i]))
		},
	}
}

func lossCase(kind LossKind, ulps int) loopCase {
	return loopCase{
		name: kind.String() + " backward", in: 2, out: 1, ulps: ulps, slack: always(float64(ulps) * 3e-8),
		run: func(l *loops, out, in [][]float32) {
			l.pointwiseLoss(kind).gradient(out[0], in[0], in[1], 1.0/3)
		},
	}
}

// always is a slack that does not depend on the operands.
func always(s float64) func([][]float32, int) float64 {
	return func([][]float32, int) float64 { return s }
}

func dropoutCase(name string, p float64, d dropping) loopCase {
	d.least, d.factor = uint32(math.Ceil(p*(1<<24))), float32(1/(1-p))
	return exact("dropout of "+name, 1, 1, func(l *loops, out, in [][]float32) { l.dropout(d, out[0], in[0]) })
}

// loopLengths go over every tail of up to three vectors (four for dropout, which
// does four at once), and more than one call of a kernel.
var loopLengths = func() (n []int) {
	for i := range 6*Block + 2 {
		n = append(n, i)
	}
	return append(n, 1000, 3<<14+21)
}()

const longestLoop = 3<<14 + 21

// onLoops runs a test with the loops of each instruction set but the portable ones.
func onLoops(t *testing.T, test func(t *testing.T, l *loops)) {
	onEveryISA(t, func(t *testing.T) {
		if l := currentLoops(); l != &portableLoops {
			test(t, l)
		}
	})
}

// fences are n operands of up to longestLoop elements.
func fences(t *testing.T, n int) [][2][]float32 {
	all := make([][2][]float32, n)
	for i := range all {
		all[i] = fence(t, longestLoop)
	}
	return all
}

// The loops read and write what the portable ones do, at any length and alignment,
// and nothing beside it.
func TestLoops(t *testing.T) {
	onLoops(t, func(t *testing.T, l *loops) {
		ins, outs := fences(t, 4), fences(t, 3)
		for _, tc := range slices.Concat(loopCases, updateCases) {
			t.Run(tc.name, func(t *testing.T) {
				for _, n := range loopLengths {
					in, before := tc.operands(n)
					_, want := tc.operands(n)
					tc.run(&portableLoops, want, in)
					for side := range 2 {
						got := make([][]float32, tc.out)
						for i := range got {
							got[i] = beside(outs[i], side, n)
							copy(got[i], before[i])
						}
						for i := range in {
							copy(beside(ins[i], side, n), in[i])
							in[i] = beside(ins[i], side, n)
						}
						tc.run(l, got, in)
						tc.requireNear(t, want, got, in, "%d elements", n)
					}
				}
			})
		}
	})
}

// An output may be the memory of any input.
func TestLoopsInPlace(t *testing.T) {
	const n = 1000
	onLoops(t, func(t *testing.T, l *loops) {
		for _, tc := range loopCases {
			for i := range tc.in {
				in, want := tc.operands(n)
				_, got := tc.operands(n)
				tc.run(l, want, in)
				got[0] = in[i]
				tc.run(l, got, in)
				for k := range want {
					requireSameBits(t, want[k], got[k], "%s, over input %d", tc.name, i)
				}
			}
		}
	})
}

// An operand that is too short stops the kernel's caller, never the kernel.
func TestLoopsOfShortOperands(t *testing.T) {
	for _, isa := range isasWithKernels() {
		defer LowerISA(isa)()
		for _, tc := range loopCases {
			for i := range tc.in {
				in := operands(tc.in, 20)
				in[i] = in[i][:19:19]
				assert.Panics(t, func() { tc.run(currentLoops(), operands(tc.out, 20), in) }, "%s, input %d", tc.name, i)
			}
		}
	}
}

// specials are the numbers that arithmetic treats in ways of their own.
var specials = []float32{
	0, float32(math.Copysign(0, -1)), 1, -1, float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()),
	math.SmallestNonzeroFloat32, -math.SmallestNonzeroFloat32, 0x1p-127, -0x1p-127, 0x1p-126,
	math.MaxFloat32, -math.MaxFloat32, 0x1p-24, -0x1p-24, 88.8, -88.8, -103.9, 9.1, -9.1,
}

// operands are tensors of numbers of every size and sign, where special ones meet
// each other and ordinary ones.
func operands(count, n int) [][]float32 {
	all := make([][]float32, count)
	for k := range all {
		r := rand.New(rand.NewPCG(uint64(n), uint64(k)))
		x := noise(n, uint64(100*k+n))
		for i := range x {
			switch r.IntN(6) {
			case 0:
				x[i] = specials[r.IntN(len(specials))]
			case 1:
				x[i] *= float32(math.Exp2(float64(r.IntN(60) - 30)))
			}
		}
		all[k] = x
	}
	return all
}

// requireNear compares results: equal but for a number of units in the last place.
func requireNear(t *testing.T, want, got [][]float32, ulps int, format string, args ...any) {
	t.Helper()
	loopCase{ulps: ulps}.requireNear(t, want, got, nil, format, args...)
}

// requireNear compares results: equal but for a number of units in the last place,
// with zeros of the same sign, or for the slack, and NaN where NaN is expected.
func (tc loopCase) requireNear(t *testing.T, want, got, in [][]float32, format string, args ...any) {
	t.Helper()
	for k := range want {
		for i, w := range want[k] {
			g := got[k][i]
			if w != w && g != g {
				continue
			}
			apart := steps(g) - steps(w)
			if max(apart, -apart) <= int64(tc.ulps) {
				continue
			}
			slack := 0.0
			if tc.slack != nil {
				slack = tc.slack(in, i)
			}
			if d := math.Abs(float64(g) - float64(w)); !(d <= slack) && !math.IsInf(slack, 1) || d == 0 {
				require.Failf(t, fmt.Sprintf(format, args...), "output %d, element %d is %v, where %v is expected", k, i, g, w)
			}
		}
	}
}

// steps numbers float32 in their order.
func steps(x float32) int64 {
	b := int64(math.Float32bits(x))
	if b >= 1<<31 {
		return 1<<31 - 1 - b // −0 comes before 0
	}
	return b
}

// BenchmarkLoops streams through operands far larger than the caches of a core, and
// compares with the triad of McCalpin's STREAM, a[i] = b[i] + s·c[i], whose traffic
// the product of two tensors has too. The two take turns and the fastest of each
// counts, so that what else runs on the machine falls on both.
func BenchmarkLoops(b *testing.B) {
	const n = 1 << 22
	in, out := make([][]float32, 4), make([][]float32, 3)
	for i := range in {
		in[i] = noise(n, uint64(i))
	}
	for i := range out {
		out[i] = Alloc(n)
		fill(out[i], 1) // memory that was never touched is not there yet
	}
	for _, isa := range isasWithKernels() {
		defer LowerISA(isa)()
		l := currentLoops()
		task := func(tc loopCase) *loopTask {
			return &loopTask{loopCase: tc, loops: l, parts: divide(n, elementsPerPart), allIn: in, allOut: out}
		}
		triad := task(exact("triad", 2, 1, func(l *loops, out, in [][]float32) { l.mul(out[0], in[0], in[1]) }))
		bench := func(tc loopCase, tensors int) {
			b.Run(isa.String()+"/"+tc.name, func(b *testing.B) {
				loop, fastest, fastestTriad := task(tc), time.Hour, time.Hour
				for b.Loop() {
					fastest, fastestTriad = min(fastest, loop.time()), min(fastestTriad, triad.time())
				}
				rate := float64(4*n*tensors) / float64(fastest)
				b.ReportMetric(float64(fastest), "ns/op")
				b.ReportMetric(rate, "GB/s")
				b.ReportMetric(100*rate/(float64(4*n*3)/float64(fastestTriad)), "%triad")
			})
		}
		for _, tc := range slices.Concat(loopCases, sumsAsLoops()) {
			bench(tc, tc.in+tc.out)
		}
		for _, tc := range updateCases {
			bench(tc, tc.in+2*tc.out)
		}
	}
}

// sumsAsLoops are the loops that add up, as loops without output.
func sumsAsLoops() (cases []loopCase) {
	for _, tc := range sumCases {
		cases = append(cases, exact(tc.name, tc.in, 0, func(l *loops, _, in [][]float32) { tc.run(l, in) }))
	}
	return cases
}

// loopTask calls a loop for parts of operands.
type loopTask struct {
	loopCase
	loops         *loops
	parts         ranges
	allIn, allOut [][]float32
}

// time is that of one pass.
func (k *loopTask) time() time.Duration {
	start := time.Now()
	Default().Run(k.parts.parts, k)
	return time.Since(start)
}

func (k *loopTask) Part(_, part int) {
	lo, hi := k.parts.bounds(part)
	var in [4][]float32
	var out [3][]float32
	for i := range k.in {
		in[i] = k.allIn[i][lo:hi]
	}
	for i := range k.out {
		out[i] = k.allOut[i][lo:hi]
	}
	k.run(k.loops, out[:k.out], in[:k.in])
}
