package lcd

import "math"

// noAngle is the angle of a shower without energy, as the published code has it.
const noAngle = 100

// epsilon keeps a distance from zero.
const epsilon = 1e-7

// MeasureAngle measures the angle of a shower from its X x Y x Z cells, in radians:
// the weight-free angle of the published discriminator (ecal_angle of
// AngleArch3dGAN.py). With the barycentre (x0, y0, z0) of the shower and that of each
// layer (x, y) at depth z, cell centres at i + 1/2,
//
//	zproj = sqrt((x-x0)² + (z-z0)²)
//	m     = (y-y0)/zproj, its sign changed before the barycentre, z < z0
//	angle = Σ z·(π/2 - atan m) / Σ z
//
// over the layers with energy, zproj at least sqrt(ε) with Keras' ε of 10⁻⁷: the layer
// of the barycentre itself counts as a right angle. A shower without energy has the
// angle 100.
func MeasureAngle(cells []float32, nx, ny, nz int) float64 {
	layers := centroids(cells, nx, ny, nz)
	var all moments
	var z0 float64
	for z, l := range layers {
		all.add(l)
		z0 += l.e * (float64(z) + 0.5)
	}
	if all.e <= 0 {
		return noAngle
	}
	x0, y0 := all.x/all.e, all.y/all.e
	z0 /= all.e
	var sum, weights float64
	for i, l := range layers {
		z := float64(i) + 0.5
		if l.e <= 0 {
			continue
		}
		x, y := l.x/l.e, l.y/l.e
		m := (y - y0) / math.Sqrt(max((x-x0)*(x-x0)+(z-z0)*(z-z0), epsilon))
		if z < z0 {
			m = -m
		}
		sum += z * (math.Pi/2 - math.Atan(m))
		weights += z
	}
	return sum / weights
}

// moments are sums of e, e·x and e·y.
type moments struct{ e, x, y float64 }

func (m *moments) add(n moments) {
	m.e += n.e
	m.x += n.x
	m.y += n.y
}

// centroids are the moments of each layer.
func centroids(cells []float32, nx, ny, nz int) []moments {
	layers := make([]moments, nz)
	for x := range nx {
		for y := range ny {
			row := cells[(x*ny+y)*nz:][:nz]
			for z, v := range row {
				layers[z].add(moments{float64(v), float64(v) * (float64(x) + 0.5), float64(v) * (float64(y) + 0.5)})
			}
		}
	}
	return layers
}
