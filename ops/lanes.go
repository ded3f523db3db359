package ops

// interleave writes every step-th element of each sample to the sample's lane of
// dst: lane l has the elements l, lanes + l, 2·lanes + l, … of it. Lanes for which
// there is no sample become zeros.
func (k *kernels) interleave(dst []float32, src samples, step, lanes int) {
	switch {
	case lanes == 1 && step == 1:
		copy(dst, src.data)
	case step == 1:
		k.lanes(dst, src, lanes, false)
	default:
		for l := range lanes {
			if l < src.count {
				spread(dst[l:], lanes, src.data[l*src.stride:], step)
			} else {
				spread(dst[l:], lanes, oneZero[:], 0)
			}
		}
	}
}

// oneZero, read with step 0, is a row of zeros.
var oneZero [1]float32

// deinterleave is the opposite: it writes the lanes of src to every step-th element
// of each sample.
func (k *kernels) deinterleave(dst samples, src []float32, step, lanes int) {
	switch {
	case lanes == 1 && step == 1:
		copy(dst.data, src)
	case step == 1:
		k.lanes(src, dst, lanes, true)
	default:
		n := len(src) / lanes
		for l := range dst.count {
			row := dst.data[l*dst.stride:]
			spread(row[:(n-1)*step+1], step, src[l:], lanes)
		}
	}
}

// spread copies src[0], src[srcStep], … to dst[0], dst[dstStep], … until dst ends.
func spread(dst []float32, dstStep int, src []float32, srcStep int) {
	from := 0
	for to := 0; to < len(dst); to += dstStep {
		dst[to] = src[from]
		from += srcStep
	}
}

// lanesPortable is kernels.lanes in Go: it defines the result. Four samples at a
// time go well with the caches.
func lanesPortable(staged []float32, plain samples, lanes int, apart bool) {
	n, l := len(staged)/lanes, 0
	plain.bound(n)
	for ; l+4 <= plain.count; l += 4 {
		r := plain.from(l * plain.stride)
		a, b, c, d := r.data[:n], r.data[r.stride:], r.data[2*r.stride:], r.data[3*r.stride:]
		if apart {
			deinterleave4(a, b, c, d, staged[l:], lanes)
		} else {
			interleave4(staged[l:], lanes, a, b, c, d)
		}
	}
	for ; l < lanes; l++ {
		switch {
		case apart && l < plain.count:
			spread(plain.data[l*plain.stride:][:n], 1, staged[l:], lanes)
		case l < plain.count:
			spread(staged[l:], lanes, plain.data[l*plain.stride:], 1)
		case !apart:
			spread(staged[l:], lanes, oneZero[:], 0)
		}
	}
}

// transposePortable is kernels.transpose in Go.
func transposePortable(blocks []float32, pitch, lanes int, rows samples, n int, apart bool) {
	for i := range n {
		v := blocks[i*pitch:][:lanes]
		if apart {
			for l := range rows.count {
				rows.data[l*rows.stride+i] = v[l]
			}
			continue
		}
		clear(v[rows.count:])
		for l := range rows.count {
			v[l] = rows.data[l*rows.stride+i]
		}
	}
}

// transposeSquaresPortable is kernels.squares in Go.
func transposeSquaresPortable(dst []float32, pitch int, rows samples, n, squares int) {
	for at := 0; at < squares*Block; at += Block {
		transposePortable(dst[at:], pitch, Block, rows.from(at), n, false)
	}
}

// interleave4 writes four samples to the first four lanes.
func interleave4(dst []float32, lanes int, a, b, c, d []float32) {
	b, c, d = b[:len(a)], c[:len(a)], d[:len(a)]
	for i, v := range a {
		q := (*[4]float32)(dst[i*lanes:])
		q[0], q[1], q[2], q[3] = v, b[i], c[i], d[i]
	}
}

// deinterleave4 writes the first four lanes to four samples.
func deinterleave4(a, b, c, d, src []float32, lanes int) {
	b, c, d = b[:len(a)], c[:len(a)], d[:len(a)]
	for i := range a {
		q := (*[4]float32)(src[i*lanes:])
		a[i], b[i], c[i], d[i] = q[0], q[1], q[2], q[3]
	}
}
