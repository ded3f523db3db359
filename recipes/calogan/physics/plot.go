package physics

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"path/filepath"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// Plot writes the pictures into dir, which is made if it is not there:
//
//	mean_shower.png        mean energy in depth and width, side by side
//	profiles.png           mean energy along x, y and z, and GAN over data
//	response.png           visible energy and its resolution by primary energy
//	sampling_fraction.png  visible over primary energy
//	cell_spectrum.png      cells by their energy, and the share above a threshold
//	hits.png               cells above 0.3 MeV by primary energy
//	maximum.png            where the highest cell is
func (r *Report) Plot(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("physics: %w", err)
	}
	for _, pic := range []struct {
		file string
		draw func(*Report) (*sheet, error)
	}{
		{"mean_shower.png", meanShowerSheet},
		{"profiles.png", profilesSheet},
		{"response.png", responseSheet},
		{"sampling_fraction.png", fractionSheet},
		{"cell_spectrum.png", spectrumSheet},
		{"hits.png", hitsSheet},
		{"maximum.png", maximumSheet},
	} {
		s, err := pic.draw(r)
		if err != nil {
			return fmt.Errorf("physics: %s: %w", pic.file, err)
		}
		if err := writeFile(filepath.Join(dir, pic.file), s.writePNG); err != nil {
			return err
		}
	}
	return nil
}

// sheet is a picture of panels in rows.
type sheet struct {
	width, height vg.Length
	rows          [][]*plot.Plot
	scale         *plot.Plot // colours of all panels, in a strip on the right; may be nil
}

const dotsPerInch = 96

func (s *sheet) writePNG(w io.Writer) error {
	img := vgimg.NewWith(vgimg.UseWH(s.width, s.height), vgimg.UseDPI(dotsPerInch))
	const gap = vg.Length(12)
	tiles := draw.Tiles{
		Rows: len(s.rows), Cols: len(s.rows[0]),
		PadX: gap, PadY: gap, PadTop: gap, PadBottom: gap / 2, PadLeft: gap / 2, PadRight: gap,
	}
	canvas := draw.New(img)
	if s.scale != nil {
		const strip = 2.6 * vg.Centimeter
		s.scale.Draw(draw.Crop(canvas, s.width-strip, -gap, gap, -gap))
		canvas = draw.Crop(canvas, 0, -strip, 0, 0)
	}
	canvases := plot.Align(s.rows, tiles, canvas)
	for i, row := range s.rows {
		for j, p := range row {
			p.Draw(canvases[i][j])
		}
	}
	return png.Encode(w, coarse(img.Image()))
}

// coarse keeps 32 levels of each colour. Nobody sees the difference, and what
// smoothing leaves along the lines then takes half the space.
func coarse(img image.Image) image.Image {
	level := func(v uint32) uint8 { return uint8((v*31 + 0x7fff) / 0xffff * 255 / 31) }
	b := img.Bounds()
	out := image.NewRGBA(b)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, b, _ := img.At(x, y).RGBA()
			out.SetRGBA(x, y, color.RGBA{level(r), level(g), level(b), 255})
		}
	}
	return out
}
