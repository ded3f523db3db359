package golden

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLoad(t *testing.T) {
	c := Load(t, "conv3d_small")
	assert.Equal(t, "conv", c.Op)
	assert.Equal(t, []int{0, 2, 1}, c.Ints("pad"))
	assert.Equal(t, 1, c.Int("groups"))
	assert.True(t, c.Bool("bias"))
	assert.Equal(t, true, c.Attr["bias"])
	assert.Equal(t, []int{3, 8, 8, 7, 9}, c.Shape("x"))
	assert.Len(t, c.F32("x"), 3*8*8*7*9)
	assert.Equal(t, []string{"b", "db", "dw", "dx", "dy", "w", "x", "y"}, c.Tensors())
	assert.True(t, c.Has("b"))
	assert.False(t, Load(t, "conv3d_wide").Has("b"))
	assert.Equal(t, 0.1, Load(t, "opt_sgd").Float("lr"))
	assert.Len(t, Load(t, "loss_softmax_ce").I64("target"), 6)
	assert.Equal(t, []string{"opt_sgd"}, Names(t, "sgd"))
	assert.Len(t, Names(t, "conv"), 12)
}

// TestVectorsMeanWhatTheySay recomputes the dense case: elements are in the
// right order under the right names, or nothing else could be believed.
func TestVectorsMeanWhatTheySay(t *testing.T) {
	c := Load(t, "dense")
	x, w, b := c.F32("x"), c.F32("w"), c.F32("b")
	rows, in, out := c.Shape("x")[0], c.Shape("x")[1], c.Shape("w")[0]
	y := make([]float32, rows*out)
	for n := range rows {
		for o := range out {
			sum := float64(b[o])
			for i := range in {
				sum += float64(x[n*in+i]) * float64(w[o*in+i])
			}
			y[n*out+o] = float32(sum)
		}
	}
	assert.True(t, Close(t, c.F32("y"), y, 1e-6))
}

func TestCopiesAreFresh(t *testing.T) {
	c := Load(t, "dense")
	c.F32("b")[0] = 1e9
	assert.Less(t, c.F32("b")[0], float32(1e6))
}

func TestClose(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	tests := map[string]struct {
		want, got []float32
		rel       float64
		message   string
	}{
		"equal":                          {[]float32{1, 2}, []float32{1, 2}, 0, ""},
		"within the default":             {[]float32{1, -1000}, []float32{1.09, -1000}, 0, ""},
		"just outside the default":       {[]float32{1, -1000}, []float32{1.11, -1000}, 0, "the worst is element 0: 1.11 where 1 is expected"},
		"outside a tolerance of its own": {[]float32{1, 2, 3}, []float32{1, 2.1, 3.2}, 0.05, "1 of 3 elements"},
		"worst of several":               {[]float32{1, 2, 3}, []float32{2, 5, 4}, 0, "the worst is element 1"},
		"NaN is found":                   {[]float32{1, 2}, []float32{1, nan}, 0, "element 1: NaN"},
		"NaN is expected":                {[]float32{nan, 2}, []float32{nan, 2}, 0, "element 0"},
		"infinity is expected":           {[]float32{inf, 2}, []float32{7, 9}, 0, "2 of 2 elements"},
		"infinity is found":              {[]float32{1, 2}, []float32{inf, 2}, 0, "element 0: +Inf"},
		"zeros":                          {[]float32{0, 0}, []float32{0, 0}, 0, ""},
		"not quite zeros":                {[]float32{0, 0}, []float32{0, 1e-30}, 0, "element 1"},
		"wrong length":                   {[]float32{1}, []float32{1, 2}, 0, "2 elements where 1"},
		"nothing":                        {nil, nil, 0, "at least one"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var r recorder
			assert.Equal(t, tt.message == "", Close(&r, tt.want, tt.got, tt.rel))
			if tt.message == "" {
				assert.Empty(t, r.text)
			} else {
				assert.Contains(t, r.text, tt.message)
			}
		})
	}
}

// recorder stands in for a test that fails.
type recorder struct {
	testing.TB
	text string
}

func (*recorder) Helper() {}

func (*recorder) Name() string { return "recorder" }

func (r *recorder) Errorf(format string, args ...any) { r.text += fmt.Sprintf(format, args...) }

func (r *recorder) FailNow() { panic(r.text) }

func TestMissing(t *testing.T) {
	tests := map[string]struct {
		ask     func(t testing.TB)
		message string
	}{
		"case":              {func(t testing.TB) { Load(t, "conv9d") }, `no case "conv9d"`},
		"operation":         {func(t testing.TB) { Names(t, "attention") }, `no case of "attention"`},
		"tensor":            {func(t testing.TB) { Load(t, "dense").F32("z") }, `"dense/z"`},
		"shape":             {func(t testing.TB) { Load(t, "dense").Shape("z") }, `"dense/z"`},
		"wrong type":        {func(t testing.TB) { Load(t, "dense").I64("x") }, "F32 [5 33], not I64"},
		"attribute":         {func(t testing.TB) { Load(t, "dense").Int("stride") }, `no attribute "stride"`},
		"type of attribute": {func(t testing.TB) { Load(t, "conv3d_small").Bool("pad") }, `attribute "pad"`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var r recorder
			require.Panics(t, func() { tt.ask(&r) }, "the test is ended")
			assert.Contains(t, r.text, tt.message)
		})
	}
}
