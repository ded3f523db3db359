package ops

// dotPortable is dot in Go: it defines the result. Four offsets at a time share
// what is loaded of a row.
func dotPortable(d dot) {
	if d.length == 0 {
		return
	}
	d.bound()
	for i := range d.rows {
		for j := 0; j < len(d.off); j += 4 {
			sums := (*[4]float32)(d.sums[i*len(d.off)+j:])
			off := (*[4]int)(d.off[j:])
			for _, r := range d.runs {
				dot1x4(sums, d.a[r.A+i*d.aStride:][:d.length], d.b[r.B:], off)
			}
		}
	}
}

func dot1x4(sums *[4]float32, a, b []float32, off *[4]int) {
	b0, b1, b2, b3 := b[off[0]:][:len(a)], b[off[1]:][:len(a)], b[off[2]:][:len(a)], b[off[3]:][:len(a)]
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
