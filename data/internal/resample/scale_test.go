package resample

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/philox"
)

// testdata/make.py wrote what Pillow makes of an image.
func TestScaleIsPillowsBilinearFilter(t *testing.T) {
	var file struct {
		Height, Width int
		Pixels        []int
		Cases         []struct {
			Box    [4]int
			Size   [2]int
			Pixels []int
		}
	}
	b, err := os.ReadFile("testdata/pillow.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(b, &file))
	require.Len(t, file.Cases, 7)
	src := Images[uint8]{Planes: 1, Height: file.Height, Width: file.Width}
	for _, v := range file.Pixels {
		src.Pixels = append(src.Pixels, uint8(v))
	}
	for _, c := range file.Cases {
		t.Run(fmt.Sprint(c.Box, c.Size), func(t *testing.T) {
			h, w := c.Size[0], c.Size[1]
			dst := Images[uint8]{make([]uint8, h*w), 1, h, w}
			Scale(dst, src, Box{c.Box[0], c.Box[1], c.Box[2], c.Box[3]})
			for i, want := range c.Pixels { // Pillow rounds twice
				require.InDelta(t, want, dst.Pixels[i], 1, "pixel %d", i)
			}
		})
	}
}

func TestScaleKeepsWhatItShould(t *testing.T) {
	ramp := Images[float32]{make([]float32, 2*8*6), 2, 8, 6}
	for i := range ramp.Pixels {
		ramp.Pixels[i] = float32(i/6%8) + 10*float32(i%6) + 1000*float32(i/48)
	}
	t.Run("the same size", func(t *testing.T) {
		dst := Images[float32]{make([]float32, 2*8*6), 2, 8, 6}
		Scale(dst, ramp, Box{0, 0, 8, 6})
		assert.Equal(t, ramp.Pixels, dst.Pixels)
	})
	t.Run("a box of the same size", func(t *testing.T) {
		dst := Images[float32]{make([]float32, 2*2*3), 2, 2, 3}
		Scale(dst, ramp, Box{Top: 5, Left: 2, Height: 2, Width: 3})
		assert.Equal(t, []float32{25, 35, 45, 26, 36, 46, 1025, 1035, 1045, 1026, 1036, 1046}, dst.Pixels)
	})
	t.Run("half the size is the mean, away from the border", func(t *testing.T) {
		dst := Images[float32]{make([]float32, 2*4*3), 2, 4, 3}
		Scale(dst, ramp, Box{0, 0, 8, 6})
		for p := range 2 {
			for y := 1; y < 3; y++ { // a ramp is linear, so its mean is that of the middle
				assert.InDelta(t, 2*float64(y)+.5+10*2.5+1000*float64(p), dst.Pixels[p*12+y*3+1], 1e-3)
			}
		}
	})
	t.Run("in place, with other sides", func(t *testing.T) {
		want := Images[float32]{make([]float32, 2*6*8), 2, 6, 8}
		Scale(want, ramp, Box{0, 0, 8, 6})
		Scale(Images[float32]{ramp.Pixels, 2, 6, 8}, ramp, Box{0, 0, 8, 6})
		assert.Equal(t, want.Pixels, ramp.Pixels)
	})
}

func TestWhiteStaysWhite(t *testing.T) {
	white := Images[uint8]{make([]uint8, 61*61), 1, 61, 61}
	for i := range white.Pixels {
		white.Pixels[i] = 255
	}
	for n := 1; n <= 180; n++ {
		dst := Images[uint8]{make([]uint8, 7*n), 1, 7, n}
		Scale(dst, white, Box{0, 0, 61, 61 - n%9})
		for i, v := range dst.Pixels {
			require.Equal(t, uint8(255), v, "pixel %d of %d columns", i, n)
		}
	}
}

func TestRandomBoxFollowsTheRecipe(t *testing.T) {
	const height, width, draws = 240, 320, 4000
	r := philox.NewStream(1, 0)
	area, aspect := Span{.08, 1}, Span{3. / 4, 4. / 3}
	var small, wide, meanTop int
	for range draws {
		b := RandomBox(&r, height, width, area, aspect)
		require.True(t, b.Top >= 0 && b.Left >= 0 && b.Height > 0 && b.Width > 0)
		require.True(t, b.Top+b.Height <= height && b.Left+b.Width <= width)
		share := float64(b.Height*b.Width) / (height * width)
		require.InDelta(t, .54, share, .47)
		ratio := float64(b.Width) / float64(b.Height)
		require.True(t, ratio > .74 && ratio < 1.35, "%v", b)
		if share < .5 {
			small++
		}
		if b.Width > b.Height {
			wide++
		}
		meanTop += 2*b.Top - (height - b.Height)
	}
	// A box of share a fits if its aspect is at least 4a/3: with probability
	// -ln(a) / 2·ln(4/3), or 1 below 9/16. So 0.42 of (0.4825 + 0.198) are small.
	assert.InDelta(t, .617, float64(small)/draws, .025)
	assert.Greater(t, wide, draws/2, "a wide image has room for wide boxes")
	assert.InDelta(t, 0, float64(meanTop)/draws, 4, "as often above the middle as below")
}

func TestRandomBoxGivesUpInTheMiddle(t *testing.T) {
	r := philox.NewStream(1, 0)
	all := Span{1, 1}
	for _, tc := range []struct {
		height, width int
		want          Box
	}{
		{10, 100, Box{0, 43, 10, 13}}, // 10 · 4/3
		{100, 10, Box{43, 0, 13, 10}}, // 10 / (3/4)
		{1, 1, Box{0, 0, 1, 1}},
	} {
		assert.Equal(t, tc.want, RandomBox(&r, tc.height, tc.width, all, Span{3. / 4, 4. / 3}))
	}
}

func BenchmarkScale(b *testing.B) {
	src := Images[uint8]{make([]uint8, 3*256*256), 3, 256, 256}
	dst := Images[uint8]{make([]uint8, 3*224*224), 3, 224, 224}
	for b.Loop() {
		Scale(dst, src, Box{3, 4, 231, 201})
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "images/s")
}
