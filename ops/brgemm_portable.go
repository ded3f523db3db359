package ops

// brgemmPortable is brgemm in Go: it defines the result. It works in tiles of 4
// rows and 2 columns, whose 8 sums stay in registers, and where fewer rows are
// left in tiles of 1 row and 4 columns.
func brgemmPortable(g brgemm) {
	if g.empty() {
		return
	}
	g.bound()
	i := 0
	for ; i+4 <= g.rows; i += 4 {
		j := 0
		for ; j+2 <= g.cols; j += 2 {
			g.tile4x2(i, j)
		}
		for ; j < g.cols; j++ {
			for r := range 4 {
				g.tile1x1(i+r, j)
			}
		}
	}
	for ; i < g.rows; i++ {
		j := 0
		for ; j+4 <= g.cols; j += 4 {
			g.tile1x4(i, j)
		}
		for ; j < g.cols; j++ {
			g.tile1x1(i, j)
		}
	}
}

func (g *brgemm) tile4x2(i, j int) {
	var c00, c01, c10, c11, c20, c21, c30, c31 float32
	for _, p := range g.planes {
		for _, t := range g.taps {
			at, b := (p.A+t.A)*g.aStride+i, g.bStart+p.B+t.B+j
			for range g.k {
				x, y := (*[4]float32)(g.a[at:]), (*[2]float32)(g.b[b:])
				c00 += x[0] * y[0]
				c01 += x[0] * y[1]
				c10 += x[1] * y[0]
				c11 += x[1] * y[1]
				c20 += x[2] * y[0]
				c21 += x[2] * y[1]
				c30 += x[3] * y[0]
				c31 += x[3] * y[1]
				at, b = at+g.rows, b+g.bStride
			}
		}
	}
	g.put(i, j, c00, c01)
	g.put(i+1, j, c10, c11)
	g.put(i+2, j, c20, c21)
	g.put(i+3, j, c30, c31)
}

func (g *brgemm) tile1x4(i, j int) {
	var c0, c1, c2, c3 float32
	for _, p := range g.planes {
		for _, t := range g.taps {
			at, b := (p.A+t.A)*g.aStride+i, g.bStart+p.B+t.B+j
			for range g.k {
				x, y := g.a[at], (*[4]float32)(g.b[b:])
				c0 += x * y[0]
				c1 += x * y[1]
				c2 += x * y[2]
				c3 += x * y[3]
				at, b = at+g.rows, b+g.bStride
			}
		}
	}
	g.put(i, j, c0, c1)
	g.put(i, j+2, c2, c3)
}

func (g *brgemm) tile1x1(i, j int) {
	var sum float32
	for _, p := range g.planes {
		for _, t := range g.taps {
			at, b := (p.A+t.A)*g.aStride+i, g.bStart+p.B+t.B+j
			for range g.k {
				sum += g.a[at] * g.b[b]
				at, b = at+g.rows, b+g.bStride
			}
		}
	}
	if at := i*g.cStride + j; g.accumulate {
		g.c[at] += sum
	} else {
		g.c[at] = sum
	}
}

// put writes two neighbours of a row of c.
func (g *brgemm) put(i, j int, x, y float32) {
	c := (*[2]float32)(g.c[i*g.cStride+j:])
	if g.accumulate {
		x, y = x+c[0], y+c[1]
	}
	c[0], c[1] = x, y
}
