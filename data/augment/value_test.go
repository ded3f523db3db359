package augment

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/source"
)

func TestNormalizeEachChannel(t *testing.T) {
	normalize := Normalize{Field: "x", Mean: []float64{1, 2}, Std: []float64{1, 4}}
	for _, kind := range []source.Kind{source.Float32, source.Uint8} {
		r := apply(t, ramp(1, field("x", kind, 2, 2)), normalize)
		assert.Equal(t, field("x", source.Float32, 2, 2), r.Fields()[0])
		assert.Equal(t, []float32{-1, 0, 0, .25}, r.Float32("x"))
	}
	r := apply(t, ramp(1, field("x", source.Float32)), Normalize{Field: "x", Mean: []float64{1}, Std: []float64{2}})
	assert.Equal(t, []float32{-.5}, r.Float32("x"), "a single number")
	r = apply(t, ramp(1, field("x", source.Uint8, 1, 3)), Normalize{Field: "x", Mean: []float64{1}, Std: []float64{2}})
	assert.Equal(t, []float32{-.5, 0, .5}, r.Float32("x"))
}

func TestImageNetIsForBytesOfColoursAndOfGrey(t *testing.T) {
	r := data.NewRow([]source.Field{field("x", source.Uint8, 3, 1, 1)}, 1)
	copy(r.Uint8("x"), []uint8{0, 255, 0})
	r = apply(t, r, ImageNet("x", 3))
	for c, want := range []float64{-0.485 / 0.229, (1 - 0.456) / 0.224, -0.406 / 0.225} {
		assert.InDelta(t, want, r.Float32("x")[c], 1e-6, "channel %d", c)
	}
	grey := ImageNet("x", 1)
	for c, colours := range [][]float64{ImageNet("x", 3).Mean, ImageNet("x", 3).Std} {
		assert.InDelta(t, (colours[0]+colours[1]+colours[2])/3, []float64{grey.Mean[0], grey.Std[0]}[c], 1e-12)
	}
	_, err := ImageNet("x", 1).Fields([]source.Field{field("x", source.Uint8, 1, 8, 8)})
	require.NoError(t, err)
	_, err = ImageNet("x", 3).Fields([]source.Field{field("x", source.Uint8, 1, 8, 8)})
	require.ErrorIs(t, err, source.ErrShape)
}

func TestScalePowerThreshold(t *testing.T) {
	r := apply(t, ramp(1, field("x", source.Uint8, 4)), Scale{Field: "x", Factor: .5}, Threshold{Field: "x", Below: .75}, Power{Field: "x", Exponent: 2})
	assert.Equal(t, []float32{0, 0, 1, 2.25}, r.Float32("x"))
	r = apply(t, ramp(1, field("x", source.Float32, 3)), Scale{Field: "x", Factor: -2})
	assert.Equal(t, []float32{0, -2, -4}, r.Float32("x"))
	assert.Equal(t, uint32(1)<<31, math.Float32bits(r.Float32("x")[0]), "-2·0 is -0, as IEEE 754 has it")
	_, err := r.Apply(Power{Field: "x", Exponent: .85})
	require.ErrorIs(t, err, source.ErrRange)
	assert.ErrorContains(t, err, `augment: Power: x float32 (3,): out of range: element 1 is -2`)
}

func TestPowerIsThatOfTheCalorimeter(t *testing.T) {
	r := ramp(1, field("x", source.Float32, 5))
	copy(r.Float32("x"), []float32{0, 1e-4, 0.037, 1, 91.2})
	// NumPy: (x.astype(float64)**0.85).astype(float32)
	assert.Equal(t, []float32{0, 0.00039810716, 0.060669646, 1, 46.344223}, x(apply(t, r, Power{Field: "x", Exponent: .85})))
}

func TestNoiseHasItsDeviations(t *testing.T) {
	const n = 40000
	r := data.NewRow([]source.Field{field("x", source.Float32, n)}, 3)
	for i := range n / 2 {
		r.Float32("x")[i] = 10
	}
	y := apply(t, r, Noise{Field: "x", Add: .25, Multiply: .1}).Float32("x")
	mean, deviation := moments(y[:n/2])
	assert.InDelta(t, 10, mean, .04)
	assert.InDelta(t, math.Hypot(1, .25), deviation, .025)
	mean, deviation = moments(y[n/2:])
	assert.InDelta(t, 0, mean, .01)
	assert.InDelta(t, .25, deviation, .007)

	r = apply(t, data.NewRow([]source.Field{field("x", source.Float32, 9)}, 3), Noise{Field: "x", Multiply: .1})
	assert.Equal(t, make([]float32, 9), r.Float32("x"), "empty cells stay empty")
}

func moments(x []float32) (mean, deviation float64) {
	for _, v := range x {
		mean += float64(v) / float64(len(x))
	}
	for _, v := range x {
		deviation += (float64(v) - mean) * (float64(v) - mean) / float64(len(x))
	}
	return mean, math.Sqrt(deviation)
}

func TestValuesRefuse(t *testing.T) {
	in := []source.Field{field("x", source.Float32, 3, 2), field("byte", source.Uint8, 3), field("n", source.Int64)}
	one := []float64{1}
	for name, tc := range map[string]struct {
		transform data.Transform
		want      error
	}{
		"noise on bytes":            {Noise{Field: "byte", Add: 1}, source.ErrType},
		"a negative deviation":      {Noise{Field: "x", Add: -1}, source.ErrRange},
		"a deviation of NaN":        {Noise{Field: "x", Multiply: math.NaN()}, source.ErrRange},
		"an infinite deviation":     {Noise{Field: "x", Multiply: math.Inf(1)}, source.ErrRange},
		"no means":                  {Normalize{Field: "x"}, source.ErrShape},
		"no deviation":              {Normalize{Field: "x", Mean: one}, source.ErrShape},
		"two means for three":       {Normalize{Field: "x", Mean: []float64{1, 1}, Std: []float64{1, 1}}, source.ErrShape},
		"a deviation of zero":       {Normalize{Field: "x", Mean: one, Std: []float64{0}}, source.ErrRange},
		"a deviation that vanishes": {Normalize{Field: "x", Mean: one, Std: []float64{1e-60}}, source.ErrRange},
		"a mean of NaN":             {Normalize{Field: "x", Mean: []float64{math.NaN()}, Std: one}, source.ErrRange},
		"integers":                  {Normalize{Field: "n", Mean: one, Std: one}, source.ErrType},
		"no factor":                 {Scale{Field: "x"}, source.ErrRange},
		"an infinite factor":        {Scale{Field: "x", Factor: math.Inf(1)}, source.ErrRange},
		"a factor for integers":     {Scale{Field: "n", Factor: 1}, source.ErrType},
		"a power of bytes":          {Power{Field: "byte", Exponent: 2}, source.ErrType},
		"a negative power":          {Power{Field: "x", Exponent: -1}, source.ErrRange},
		"no power":                  {Power{Field: "x"}, source.ErrRange},
		"a threshold of NaN":        {Threshold{Field: "x", Below: math.NaN()}, source.ErrRange},
		"a threshold of bytes":      {Threshold{Field: "byte", Below: 1}, source.ErrType},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := tc.transform.Fields(in)
			require.ErrorIs(t, err, tc.want)
			assert.ErrorContains(t, err, "augment: ")
		})
	}
}
