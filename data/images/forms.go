package images

import (
	"image"
	"image/color"
)

// pictureOf looks at the forms that photographs have; all others are read pixel by
// pixel.
func pictureOf(img image.Image) picture {
	switch img := img.(type) {
	case *image.YCbCr:
		return (*yCbCr)(img)
	case *image.Gray:
		return (*gray)(img)
	case *image.RGBA: // of package png: opaque
		return &rgba{img.Pix, img.Stride, img.Rect}
	case *image.NRGBA:
		return &rgba{img.Pix, img.Stride, img.Rect}
	}
	return &anyImage{img}
}

type yCbCr image.YCbCr

func (p *yCbCr) size() (int, int) { return p.Rect.Dy(), p.Rect.Dx() }

func (p *yCbCr) row(y, x int, r, g, b []uint8) {
	img := (*image.YCbCr)(p)
	luma := p.Y[img.YOffset(p.Rect.Min.X+x, p.Rect.Min.Y+y):]
	for i := range r {
		c := img.COffset(p.Rect.Min.X+x+i, p.Rect.Min.Y+y)
		r[i], g[i], b[i] = color.YCbCrToRGB(luma[i], p.Cb[c], p.Cr[c])
	}
}

type gray image.Gray

func (p *gray) size() (int, int) { return p.Rect.Dy(), p.Rect.Dx() }

func (p *gray) row(y, x int, r, g, b []uint8) {
	copy(r, p.Pix[y*p.Stride+x:])
	copy(g, r)
	copy(b, r)
}

// rgba is four bytes a pixel, of which the last does not count.
type rgba struct {
	pix    []uint8
	stride int
	rect   image.Rectangle
}

func (p *rgba) size() (int, int) { return p.rect.Dy(), p.rect.Dx() }

func (p *rgba) row(y, x int, r, g, b []uint8) {
	pix := p.pix[y*p.stride+4*x:]
	for i := range r {
		r[i], g[i], b[i] = pix[4*i], pix[4*i+1], pix[4*i+2]
	}
}

type anyImage struct{ image.Image }

func (p *anyImage) size() (int, int) { return p.Bounds().Dy(), p.Bounds().Dx() }

func (p *anyImage) row(y, x int, r, g, b []uint8) {
	from := p.Bounds().Min.Add(image.Pt(x, y))
	for i := range r {
		c := color.NRGBAModel.Convert(p.At(from.X+i, from.Y)).(color.NRGBA)
		r[i], g[i], b[i] = c.R, c.G, c.B
	}
}
