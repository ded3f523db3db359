package chart

import (
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/plotter"
)

func picture(t *testing.T, path string) image.Image {
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	img, err := png.Decode(file)
	require.NoError(t, err)
	return img
}

func TestWriteDrawsEachLineInItsColour(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lines.png")
	down := plotter.XYs{{X: 0, Y: 1}, {X: 10, Y: 0}}
	up := plotter.XYs{{X: 0, Y: 0}, {X: 10, Y: 1}}
	err := Chart{Title: "lines", X: "x", Y: "y", Lines: []Line{
		{Name: "down", XY: down},
		{XY: up, Colour: 1, Dashed: true, Mark: true},
	}}.Write(path)
	require.NoError(t, err)

	img := picture(t, path)
	assert.Equal(t, 864, img.Bounds().Dx())
	assert.Equal(t, 432, img.Bounds().Dy())
	found := make([]int, 3)
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			r, g, b, _ := img.At(x, y).RGBA()
			for i := range found {
				if wr, wg, wb, _ := Colours[i].RGBA(); r == wr && g == wg && b == wb {
					found[i]++
				}
			}
		}
	}
	assert.Greater(t, found[0], 500, "pixels of the first line")
	assert.Greater(t, found[1], 100, "pixels of the second")
	assert.Zero(t, found[2], "pixels of a line that is not there")
}

func TestTheLegendIsWhereItIsAskedFor(t *testing.T) {
	for _, low := range []bool{false, true} {
		path := filepath.Join(t.TempDir(), "legend.png")
		top := []Line{{Name: "top", XY: plotter.XYs{{X: 0, Y: 1}, {X: 1, Y: 1}}}}
		require.NoError(t, Chart{Lines: top, LegendLow: low}.Write(path))
		img, below := picture(t, path), false
		for y := img.Bounds().Dy() / 2; y < img.Bounds().Dy(); y++ {
			for x := range img.Bounds().Dx() {
				below = below || img.At(x, y) == Colours[0]
			}
		}
		assert.Equal(t, low, below, "the colour of the line in the lower half, LegendLow %v", low)
	}
}

func TestWriteRefusesWhatCannotBeDrawnAndLeavesNoFile(t *testing.T) {
	for name, xy := range map[string]plotter.XYs{
		"no points":      {},
		"not a number":   {{X: 0, Y: math.NaN()}},
		"infinite point": {{X: math.Inf(1), Y: 0}},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "bad.png")
			err := Chart{Title: "bad", Lines: []Line{{Name: "of the test", XY: xy}}}.Write(path)
			require.ErrorContains(t, err, `line 0 of "bad", "of the test"`)
			assert.NoFileExists(t, path)
		})
	}
}

// rowsOf are the first and the last row of pixels of a colour.
func rowsOf(t *testing.T, path string, colour int) (first, last int) {
	t.Helper()
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	img, err := png.Decode(file)
	require.NoError(t, err)
	first = -1
	wr, wg, wb, _ := Colours[colour].RGBA()
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			if r, g, b, _ := img.At(x, y).RGBA(); r == wr && g == wg && b == wb {
				if first < 0 {
					first = y
				}
				last = y
			}
		}
	}
	require.GreaterOrEqual(t, first, 0, "the colour is there")
	return first, last
}

// TestATightChartShowsWhatIsFarFromZero: 90 and 92 are one line in a chart from 0.
func TestATightChartShowsWhatIsFarFromZero(t *testing.T) {
	high := map[bool]int{}
	for _, tight := range []bool{false, true} {
		path := filepath.Join(t.TempDir(), "accuracy.png")
		c := Chart{Tight: tight, Ticks: []string{"1", "2c"}, Lines: []Line{{Dots: true, XY: plotter.XYs{{X: 0, Y: 90}, {X: 1, Y: 92}}}}}
		require.NoError(t, c.Write(path))
		first, last := rowsOf(t, path, 0)
		high[tight] = last - first
	}
	assert.Greater(t, high[true], 200)
	assert.Less(t, high[false], 30)
}
