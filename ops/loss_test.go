package ops

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// loss64 is every loss by its definition.
func loss64(d LossDesc, pred []float64, target []float32) float64 {
	sum := 0.0
	for r := range d.Rows {
		row := pred[r*d.Cols : (r+1)*d.Cols]
		if d.Kind == SoftmaxCE {
			y := softmax64(row, 1, d.Cols, 1)
			for c := range row {
				weight := float64(d.Smoothing) / float64(d.Cols)
				if float32(c) == target[r] {
					weight += 1 - float64(d.Smoothing)
				}
				sum -= weight * math.Log(y[c]) / float64(d.Rows)
			}
			continue
		}
		for c, p := range row {
			t := float64(target[r*d.Cols+c])
			sum += pointLoss64(d.Kind, p, t) / float64(d.Rows*d.Cols)
		}
	}
	return sum
}

func pointLoss64(k LossKind, p, t float64) float64 {
	switch k {
	case BCE:
		s := 1 / (1 + math.Exp(-p))
		return -t*math.Log(s) - (1-t)*math.Log(1-s)
	case MSE:
		return math.Pow(p-t, 2)
	case MAE:
		return math.Abs(p - t)
	}
	return 100 * math.Abs(p-t) / math.Max(math.Abs(t), 1e-7)
}

// lossTarget makes a target that suits a loss.
func lossTarget(d LossDesc, seed uint64) []float32 {
	switch d.Kind {
	case SoftmaxCE:
		t := integers(d.Rows, d.Cols, seed)
		for i := range t {
			t[i] = float32((int(t[i]) + d.Cols) % d.Cols)
		}
		return t
	case BCE:
		t := noise(d.Rows*d.Cols, seed)
		for i, v := range t {
			t[i] = min(max(v, 0), 1) // hard and soft labels
		}
		return t
	}
	return noise(d.Rows*d.Cols, seed)
}

var losses = []LossDesc{
	{Kind: BCE},
	{Kind: SoftmaxCE},
	{Kind: SoftmaxCE, Smoothing: 0.1},
	{Kind: SoftmaxCE, Smoothing: 1},
	{Kind: MSE},
	{Kind: MAE},
	{Kind: MAPE},
}

func TestLossMatchesDefinition(t *testing.T) {
	for _, d := range losses {
		for _, shape := range [][2]int{{1, 1}, {6, 3}, {64, 1}, {1, 1000}, {4099, 7}, {3, elementsPerPart + 1}} {
			d.Rows, d.Cols = shape[0], shape[1]
			t.Run(fmt.Sprintf("%s smoothing %g of %dx%d", d.Kind, d.Smoothing, d.Rows, d.Cols), func(t *testing.T) {
				pred, target := noise(d.Rows*d.Cols, 1), lossTarget(d, 2)
				p, err := NewLoss(d)
				got := check(t, must(t, p, err), [][]float32{pred, target}, 1)[0]
				want := loss64(d, widen(pred), target)
				assert.InDelta(t, want, float64(got[0]), 1e-7*math.Abs(want))
			})
		}
	}
}

func TestLossGradientMatchesDifferences(t *testing.T) {
	for _, d := range losses {
		d.Rows, d.Cols = 7, 11
		t.Run(fmt.Sprintf("%s smoothing %g", d.Kind, d.Smoothing), func(t *testing.T) {
			pred, target := noise(d.Rows*d.Cols, 1), lossTarget(d, 2)
			want := slope(pred, func(x []float64) float64 { return -2.5 * loss64(d, x, target) })
			p, err := NewLossBackward(d)
			got := check(t, must(t, p, err), [][]float32{pred, target, {-2.5}}, len(pred))[0]
			assertNear(t, want, got, 1e-5, "gradient")
		})
	}
}

// TestLossGradientOfLargeTensors ties the rows of every part to their targets:
// the gradient of a row does not depend on where the row stands.
func TestLossGradientOfLargeTensors(t *testing.T) {
	for _, d := range losses {
		d.Rows, d.Cols = 4099, 7
		pred, target := noise(d.Rows*d.Cols, 1), lossTarget(d, 2)
		p, err := NewLossBackward(d)
		got := check(t, must(t, p, err), [][]float32{pred, target, {1}}, len(pred))[0]
		one := d
		one.Rows = 1
		single, err := NewLossBackward(one)
		must(t, single, err)
		width := len(target) / d.Rows
		for _, r := range []int{0, 1, 1169, 1170, 1171, 4098} {
			want := execute(t, checkPools()[0], single,
				[][]float32{pred[r*d.Cols : (r+1)*d.Cols], target[r*width : (r+1)*width], {1}}, d.Cols)[0]
			wide := widen(want)
			for i := range wide {
				wide[i] /= float64(d.Rows)
			}
			assertNear(t, wide, got[r*d.Cols:(r+1)*d.Cols], 1e-6, d.Kind.String())
		}
	}
}

func TestBCEIsStable(t *testing.T) {
	for _, tc := range []struct {
		name             string
		logit, target    float32
		loss, derivative float64
	}{
		{"sure and right", 50, 1, math.Exp(-50), 0},
		{"sure and wrong", 200, 0, 200, 1},
		{"sure of nothing, right", -50, 0, math.Exp(-50), 0},
		{"sure of nothing, wrong", -1e30, 1, 1e30, -1},
		{"undecided", 0, 0.5, math.Ln2, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := LossDesc{Kind: BCE, Rows: 1, Cols: 1}
			p, err := NewLoss(d)
			in := [][]float32{{tc.logit}, {tc.target}, {1}}
			got := check(t, must(t, p, err), in[:2], 1)[0][0]
			assert.InDelta(t, tc.loss, float64(got), 1e-6*tc.loss)
			p, err = NewLossBackward(d)
			assert.InDelta(t, tc.derivative, float64(check(t, must(t, p, err), in, 1)[0][0]), 1e-7)
		})
	}
}

func TestSoftmaxCEIsStable(t *testing.T) {
	d := LossDesc{Kind: SoftmaxCE, Rows: 1, Cols: 3}
	p, err := NewLoss(d)
	in := [][]float32{{-1e30, 1000, 990}, {2}, {1}}
	got := check(t, must(t, p, err), in[:2], 1)[0][0]
	assert.InDelta(t, 10+math.Log1p(math.Exp(-10)), float64(got), 1e-5)
	p, err = NewLossBackward(d)
	s := 1 / (1 + math.Exp(-10))
	assertNear(t, []float64{0, s, -s}, check(t, must(t, p, err), in, 3)[0], 1e-6, "gradient")
}

func TestSoftmaxCERejectsWhatIsNoClass(t *testing.T) {
	nan := float32(math.NaN())
	d := LossDesc{Kind: SoftmaxCE, Rows: 2, Cols: 3}
	for _, target := range []float32{-1, 3, 1.5, 1e30, float32(math.Inf(1)), nan} {
		t.Run(fmt.Sprint(target), func(t *testing.T) {
			in := [][]float32{{1, 2, 3, 4, 5, 6}, {target, 0}, {1}}
			p, err := NewLoss(d)
			assert.True(t, math.IsNaN(float64(check(t, must(t, p, err), in[:2], 1)[0][0])))
			p, err = NewLossBackward(d)
			got := check(t, must(t, p, err), in, 6)[0]
			for _, v := range got[:3] {
				assert.True(t, math.IsNaN(float64(v)), "the row of the bad target")
			}
			for _, v := range got[3:] {
				assert.False(t, math.IsNaN(float64(v)), "the other row")
			}
		})
	}
}

func TestLossGradientWhereThereIsNone(t *testing.T) {
	for _, kind := range []LossKind{MAE, MAPE} {
		p, err := NewLossBackward(LossDesc{Kind: kind, Rows: 1, Cols: 2})
		got := check(t, must(t, p, err), [][]float32{{2, 0}, {2, 0}, {1}}, 2)[0]
		assert.Equal(t, []float32{0, 0}, got, kind)
	}
}

func TestMAPEOfATinyTarget(t *testing.T) {
	d := LossDesc{Kind: MAPE, Rows: 1, Cols: 1}
	p, err := NewLoss(d)
	got := check(t, must(t, p, err), [][]float32{{1}, {0}}, 1)[0][0]
	assert.InEpsilon(t, 1e9, got, 1e-6)
}

func TestLossKeepsNaN(t *testing.T) {
	nan := float32(math.NaN())
	for _, d := range losses {
		d.Rows, d.Cols = 1, 2
		in := [][]float32{{nan, 1}, lossTarget(d, 1), {1}}
		p, err := NewLoss(d)
		assert.True(t, math.IsNaN(float64(check(t, must(t, p, err), in[:2], 1)[0][0])), d.Kind)
		p, err = NewLossBackward(d)
		assert.True(t, math.IsNaN(float64(check(t, must(t, p, err), in, 2)[0][0])), d.Kind)
	}
}

func TestLossOfAnEmptyBatchIsNaN(t *testing.T) {
	for _, d := range losses {
		d.Cols = 3
		p, err := NewLoss(d)
		assert.True(t, math.IsNaN(float64(check(t, must(t, p, err), [][]float32{{}, {}}, 1)[0][0])), d.Kind)
		p, err = NewLossBackward(d)
		check(t, must(t, p, err), [][]float32{{}, {}, {1}}, 0)
	}
}

func BenchmarkLoss(b *testing.B) {
	for _, d := range losses {
		if d.Smoothing != 0 {
			continue
		}
		d.Rows, d.Cols = 256, 1000
		in := [][]float32{noise(d.Rows*d.Cols, 1), lossTarget(d, 2), {1}}
		b.Run("forward/"+d.Kind.String(), func(b *testing.B) {
			p, err := NewLoss(d)
			benchmark(b, must(b, p, err), in[:2], 1)
		})
		b.Run("backward/"+d.Kind.String(), func(b *testing.B) {
			p, err := NewLossBackward(d)
			benchmark(b, must(b, p, err), in, d.Rows*d.Cols)
		})
	}
}
