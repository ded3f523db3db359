package ops

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var runsCases = []struct {
	name string
	runs runs
}{
	{"none", runs{length: 5, count: 0, pitch: 7}},
	{"single elements", runs{length: 1, count: 40, pitch: 3}},
	{"a few elements", runs{length: 5, count: 17, pitch: 5}},
	{"whole blocks", runs{length: 32, count: 3, pitch: 64}},
	{"maps of 7x7", runs{length: 49, count: 16, pitch: 99}},
	{"more than one call", runs{length: 1000, count: 40, pitch: 1001}},
	{"longer than a call", runs{length: elementsPerPart * 5, count: 2, pitch: elementsPerPart*5 + 1}},
}

// Over runs the loops do what the portable ones do, with nothing between the runs.
func TestLoopsOverRuns(t *testing.T) {
	onLoops(t, func(t *testing.T, l *loops) {
		line, plane := channelLine{0.3, 1.7, -0.4}, channelPlane{0.3, 1.7, -0.2, -0.4}
		for _, tc := range runsCases {
			t.Run(tc.name, func(t *testing.T) {
				n := tc.runs.end()
				a, b := fence(t, n), fence(t, n)
				got, want := fence(t, n), make([]float32, n)
				for side := range 2 {
					x, y := a[side], b[side]
					copy(x, noise(n, 1))
					copy(y, noise(n, 2))
					for at := range want {
						want[at], got[side][at] = 7, 7
					}
					normalisePortable(line, want, x, tc.runs)
					l.normalise(line, got[side], x, tc.runs)
					requireSameBits(t, want, got[side], "normalise")
					normaliseBackwardPortable(plane, want, x, y, tc.runs)
					l.normaliseBackward(plane, got[side], x, y, tc.runs)
					requireSameBits(t, want, got[side], "normalise backward")

					s, q := momentsPortable(x, tc.runs, 0.3)
					sum, square := l.moments(x, tc.runs, 0.3)
					require.Equal(t, []float64{s, q}, []float64{sum, square}, "moments")
					require.Equal(t, gradientMomentsPortable(x, y, tc.runs, 0.3), l.gradientMoments(x, y, tc.runs, 0.3), "gradient moments")
				}
			})
		}
	})
}

func TestRunsBeyondTheOperands(t *testing.T) {
	r := runs{length: 5, count: 3, pitch: 7}
	long, short := make([]float32, r.end()), make([]float32, r.end()-1)
	onLoops(t, func(t *testing.T, l *loops) {
		assert.Panics(t, func() { l.normalise(channelLine{}, short, long, r) })
		assert.Panics(t, func() { l.normalise(channelLine{}, long, short[:len(short):len(short)], r) })
		assert.Panics(t, func() { l.moments(short[:len(short):len(short)], r, 0) })
		assert.Panics(t, func() { l.gradientMoments(long, short[:len(short):len(short)], r, 0) })
	})
}

// What a channel has of a tensor is in its parts once, and in each part in order.
func TestEachChannel(t *testing.T) {
	for _, s := range batchNormShapes {
		t.Run(s.name, func(t *testing.T) {
			d := BatchNormDesc{N: s.n, C: s.c, Spatial: s.spatial}
			seen := make([]byte, s.n*s.c*s.spatial)
			for p, part := d.parts(), 0; part < p.count(); part++ {
				p.eachChannel(part, func(c, _, first int, r runs) {
					r.each(func(lo, hi int) {
						require.Equal(t, c, (first+lo)/s.spatial%s.c)
						require.Equal(t, c, (first+hi-1)/s.spatial%s.c)
						for i := first + lo; i < first+hi; i++ {
							seen[i]++
						}
					})
				})
			}
			for i, times := range seen {
				if times != 1 {
					require.Equal(t, byte(1), times, "element %d", i)
				}
			}
		})
	}
}
