package ops

// dotPortable is dot in Go: it defines the result. Four offsets at a time share
// what is loaded of a row.
func dotPortable(d dot) {
	if d.empty() {
		return
	}
	d.bound()
	for i := range d.rows {
		sums, off := d.sums[i*d.sumStride:][:len(d.off)], d.off
		for ; len(off) >= 4; sums, off = sums[4:], off[4:] {
			for r := range d.runs {
				dot1x4((*[4]float32)(sums), d.run(i, r), d.b, d.bStart+r*d.bStep, (*[4]int)(off))
			}
		}
		for j, o := range off {
			for r := range d.runs {
				sums[j] += dot1x1(d.run(i, r), d.b[d.bStart+r*d.bStep+o:])
			}
		}
	}
}

// run is a run of a row of a.
func (d *dot) run(row, r int) []float32 { return d.a[r*d.aStep+row*d.aStride:][:d.length] }

func dot1x4(sums *[4]float32, a, b []float32, start int, off *[4]int) {
	b0, b1, b2, b3 := b[start+off[0]:][:len(a)], b[start+off[1]:][:len(a)], b[start+off[2]:][:len(a)], b[start+off[3]:][:len(a)]
	var s0, s1, s2, s3 float32
	for q, x := range a {
		s0 += x * b0[q]
		s1 += x * b1[q]
		s2 += x * b2[q]
		s3 += x * b3[q]
	}
	sums[0] += s0
	sums[1] += s1
	sums[2] += s2
	sums[3] += s3
}

func dot1x1(a, b []float32) float32 {
	b = b[:len(a)]
	var sum float32
	for q, x := range a {
		sum += x * b[q]
	}
	return sum
}
