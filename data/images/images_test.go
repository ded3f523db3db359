package images

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/source"
)

// row is one with an image in Bytes.
func row(b []byte) *data.Row {
	r := data.NewRow([]source.Field{{Name: "image", Kind: source.Bytes}, {Name: "label", Kind: source.Int64}}, 1)
	r.SetBytes("image", b)
	return r
}

// pixels is one with an image in uint8.
func pixels(seed uint64, p []uint8, shape ...int) *data.Row {
	r := data.NewRow([]source.Field{{Name: "image", Shape: shape, Kind: source.Uint8}}, seed)
	copy(r.Uint8("image"), p)
	return r
}

func view(t testing.TB, r *data.Row, v View) []uint8 {
	t.Helper()
	v.Field = "image"
	made, err := r.Apply(v)
	require.NoError(t, err)
	channels := 3
	if v.Grey {
		channels = 1
	}
	require.Equal(t, source.Field{Name: "image", Shape: []int{channels, v.Height, v.Width}, Kind: source.Uint8}, made.Fields()[0])
	return made.Uint8("image")
}

type pillow struct {
	Height, Width int
	Pixels        map[string][]uint16 // (H, W, 3)
}

func readPillow(t testing.TB) pillow {
	t.Helper()
	var p pillow
	b, err := os.ReadFile("testdata/pillow.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(b, &p))
	require.Len(t, p.Pixels, 13)
	return p
}

// testdata/make.py wrote the files and what Pillow makes of them.
func TestViewDecodesWhatPillowDoes(t *testing.T) {
	p := readPillow(t)
	for name, want := range p.Pixels {
		t.Run(name, func(t *testing.T) {
			b, err := os.ReadFile("testdata/" + name)
			require.NoError(t, err)
			got := view(t, row(b), View{Height: p.Height, Width: p.Width})
			worst, sum := 0., 0.
			for i := range p.Height * p.Width {
				for c := range 3 {
					d := math.Abs(float64(want[3*i+c]) - float64(got[c*p.Height*p.Width+i]))
					worst, sum = max(worst, d), sum+d
				}
			}
			if name[len(name)-3:] == "png" {
				assert.Zero(t, worst, "PNG has no loss")
				return
			}
			// JPEG leaves rounding open. Where it stores a colour for four pixels, Pillow
			// blends it with its neighbours, and Go does not.
			mean := sum / float64(len(want))
			t.Logf("largest difference %g, mean %.2f", worst, mean)
			switch name {
			case "420.jpg", "422.jpg", "progressive.jpg":
				assert.LessOrEqual(t, worst, 16.)
				assert.LessOrEqual(t, mean, 4.5)
			default:
				assert.LessOrEqual(t, worst, 3.)
				assert.LessOrEqual(t, mean, .8)
			}
		})
	}
}

func TestGreyViews(t *testing.T) {
	assert.Equal(t, []uint8{76, 150, 29, 255}, view(t, pixels(1, []uint8{255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255}, 2, 2, 3), View{Height: 2, Width: 2, Grey: true}))
	grey := []uint8{1, 2, 3, 4}
	assert.Equal(t, grey, view(t, pixels(1, grey, 2, 2), View{Height: 2, Width: 2, Grey: true}))
	assert.Equal(t, []uint8{1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4}, view(t, pixels(1, grey, 1, 2, 2), View{Height: 2, Width: 2}))
}

// The same image in every layout gives the same views.
func TestLayoutsOfArrays(t *testing.T) {
	const h, w = 9, 13
	last, first := make([]uint8, h*w*3), make([]uint8, 3*h*w)
	for i := range h * w {
		for c := range 3 {
			last[3*i+c] = uint8(17*i + 80*c)
			first[c*h*w+i] = last[3*i+c]
		}
	}
	whole := View{Height: h, Width: w}
	assert.Equal(t, first, view(t, pixels(1, last, h, w, 3), whole))
	assert.Equal(t, first, view(t, pixels(1, first, 3, h, w), whole))
	for seed := range uint64(20) {
		v := View{Height: 5, Width: 6, Random: true, Grey: seed%2 == 0}
		require.Equal(t, view(t, pixels(seed, last, h, w, 3), v), view(t, pixels(seed, first, 3, h, w), v))
	}
	made, err := pixels(1, last, h, w, 3).Apply(FromNHWC("image"))
	require.NoError(t, err)
	assert.Equal(t, first, made.Uint8("image"))
	assert.Equal(t, []int{3, h, w}, made.Fields()[0].Shape)
}

func TestTheBoxInTheMiddle(t *testing.T) {
	for _, tc := range []struct {
		name          string
		view          View
		height, width int
		want          [4]int // top, left, height, width
	}{
		{"the largest square of a wide image", View{Height: 224, Width: 224}, 300, 400, [4]int{0, 50, 300, 300}},
		{"the largest wide box of a square", View{Height: 10, Width: 20}, 100, 100, [4]int{25, 0, 50, 100}},
		{"224 of 256", View{Height: 224, Width: 224, Short: 256}, 512, 1024, [4]int{32, 288, 448, 448}},
		{"a view larger than the scaled image", View{Height: 224, Width: 224, Short: 100}, 300, 400, [4]int{0, 50, 300, 300}},
		{"an image smaller than the view", View{Height: 224, Width: 224, Short: 256}, 8, 16, [4]int{0, 4, 7, 7}},
		{"a pixel", View{Height: 224, Width: 1}, 1, 1, [4]int{0, 0, 1, 1}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := tc.view.middle(tc.height, tc.width)
			assert.Equal(t, tc.want, [4]int{b.Top, b.Left, b.Height, b.Width})
		})
	}
}

func TestRandomViewsAreThoseOfOneImage(t *testing.T) {
	ramp := make([]uint8, 3*16*16)
	for i := range ramp {
		ramp[i] = uint8(i % 256)
	}
	seen := map[string]bool{}
	for seed := range uint64(50) {
		v := view(t, pixels(seed, ramp, 3, 16, 16), View{Height: 4, Width: 4, Random: true})
		seen[string(v)] = true
		require.Less(t, v[0], v[15], "rows and columns keep their order")
		require.Equal(t, v[:16], v[16:32])
	}
	assert.Greater(t, len(seen), 45)
}

func TestViewRefusesFields(t *testing.T) {
	in := []source.Field{
		{Name: "image", Kind: source.Bytes},
		{Name: "float", Shape: []int{3, 4, 4}, Kind: source.Float32},
		{Name: "either", Shape: []int{3, 4, 3}, Kind: source.Uint8},
		{Name: "neither", Shape: []int{4, 4, 4}, Kind: source.Uint8},
		{Name: "flat", Shape: []int{48}, Kind: source.Uint8},
	}
	for name, tc := range map[string]struct {
		view View
		want error
	}{
		"no such field":        {View{Field: "x", Height: 1, Width: 1}, source.ErrMissing},
		"floats":               {View{Field: "float", Height: 1, Width: 1}, source.ErrType},
		"channels at an end":   {View{Field: "either", Height: 1, Width: 1}, source.ErrShape},
		"no channels":          {View{Field: "neither", Height: 1, Width: 1}, source.ErrShape},
		"no image":             {View{Field: "flat", Height: 1, Width: 1}, source.ErrShape},
		"no height":            {View{Field: "image", Width: 1}, source.ErrRange},
		"a negative side":      {View{Field: "image", Height: 1, Width: 1, Short: -1}, source.ErrRange},
		"no area":              {View{Field: "image", Height: 1, Width: 1, Random: true, Area: [2]float64{0, 1}}, source.ErrRange},
		"an absurd view":       {View{Field: "image", Height: math.MaxInt / 2, Width: 4}, source.ErrShape},
		"an aspect of nothing": {View{Field: "image", Height: 1, Width: 1, Aspect: [2]float64{0, 1}}, source.ErrRange},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := tc.view.Fields(in)
			require.ErrorIs(t, err, tc.want)
			assert.ErrorContains(t, err, "images: View: ")
		})
	}
}
