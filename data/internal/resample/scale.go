package resample

import "sync"

// Pixel is what images are made of.
type Pixel interface{ uint8 | float32 }

// Box is a part of an image, in pixels.
type Box struct{ Top, Left, Height, Width int }

// Images is a number of planes of the same size, such as the colours of an image:
// plane after plane, row after row.
type Images[T Pixel] struct {
	Pixels                []T
	Planes, Height, Width int
}

// Scale makes dst of a box of src, plane by plane; both have the same number of
// planes. Bytes are rounded to the nearest. dst and src may be the same memory if
// their planes have as many pixels. The box must lie within src.
func Scale[T Pixel](dst, src Images[T], box Box) {
	s := scalers.Get().(*scaler)
	defer scalers.Put(s)
	s.across.set(box.Width, dst.Width)
	s.down.set(box.Height, dst.Height)
	s.band = resized(s.band, box.Height*dst.Width)
	s.line = resized(s.line, dst.Width)
	for p := range dst.Planes {
		from := src.Pixels[p*src.Height*src.Width:][:src.Height*src.Width]
		to := dst.Pixels[p*dst.Height*dst.Width:][:dst.Height*dst.Width]
		for y := range box.Height {
			at := (box.Top+y)*src.Width + box.Left
			scaleRow(s.band[y*dst.Width:(y+1)*dst.Width], from[at:at+box.Width], &s.across)
		}
		for y := range dst.Height {
			s.blend(y, dst.Width)
			store(to[y*dst.Width:(y+1)*dst.Width], s.line)
		}
	}
}

// scaler is what Scale needs; kept, so that it does not allocate.
type scaler struct {
	across, down weights
	band         []float32 // the rows of the box in their new width
	line         []float32 // a row of the result
}

var scalers = sync.Pool{New: func() any { return new(scaler) }}

func scaleRow[T Pixel](dst []float32, src []T, x *weights) {
	if x.taps == 3 { // a row that grows, or shrinks by less than a pixel
		scaleRow3(dst, src, x)
		return
	}
	for i := range dst {
		pixels := src[x.first[i]:][:x.taps]
		sum := float32(0)
		for k, w := range x.w[i*x.taps:][:x.taps] {
			sum += w * float32(pixels[k])
		}
		dst[i] = sum
	}
}

// scaleRow3 is scaleRow for three taps: the loop over them costs more than they do.
func scaleRow3[T Pixel](dst []float32, src []T, x *weights) {
	first, w := x.first[:len(dst)], x.w[:3*len(dst)]
	for i := range dst {
		p, v := src[first[i]:][:3], w[3*i:][:3]
		dst[i] = v[0]*float32(p[0]) + v[1]*float32(p[1]) + v[2]*float32(p[2])
	}
}

// blend sums rows of the band for row y of the result.
func (s *scaler) blend(y, width int) {
	line := s.line
	clear(line)
	first := int(s.down.first[y])
	for k, w := range s.down.w[y*s.down.taps:][:s.down.taps] {
		if w == 0 {
			continue
		}
		row := s.band[(first+k)*width:][:len(line)]
		for i := range line {
			line[i] += w * row[i]
		}
	}
}

func store[T Pixel](dst []T, line []float32) {
	switch dst := any(dst).(type) {
	case []float32:
		copy(dst, line)
	case []uint8:
		for i, v := range line { // a mean of bytes, so it lies in [0, 255]
			dst[i] = uint8(int32(v + .5))
		}
	}
}
