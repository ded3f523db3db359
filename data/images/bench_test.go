package images

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/internal/philox"
)

// photograph is an image of the mean size of ImageNet's and of their 110 kB:
// smooth parts, edges and some noise.
func photograph(b *testing.B) []byte {
	b.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 500, 375))
	s := philox.NewStream(1, 0)
	for y := range 375 {
		for x := range 500 {
			v := 120 + 70*math.Sin(float64(x)/40)*math.Cos(float64(y)/25)
			if (x/60+y/50)%3 == 0 {
				v -= 50
			}
			v += 16 * s.Normal()
			img.SetRGBA(x, y, color.RGBA{uint8(v), uint8(v * .8), uint8(200 - v/2), 255})
		}
	}
	var file bytes.Buffer
	require.NoError(b, jpeg.Encode(&file, img, &jpeg.Options{Quality: 90}))
	return file.Bytes()
}

func BenchmarkView(b *testing.B) {
	file := photograph(b)
	for _, bench := range []struct {
		name string
		row  *data.Row
		view View
	}{
		{"jpeg/random", row(file), View{Random: true}},
		{"jpeg/middle", row(file), View{Short: 256}},
		{"256x256x3/random", pixels(1, nil, 256, 256, 3), View{Random: true}},
		{"256x256x3/middle", pixels(1, nil, 256, 256, 3), View{Short: 256}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			v := bench.view
			v.Field, v.Height, v.Width = "image", 224, 224
			dst, err := bench.row.Apply(v)
			require.NoError(b, err)
			b.ReportAllocs()
			for b.Loop() {
				if err := v.Apply(dst, bench.row); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "images/s")
			if f := bench.row.Fields()[0]; f.Kind == source.Bytes {
				b.ReportMetric(float64(len(file))/1e3, "kB/file")
			}
		})
	}
}
