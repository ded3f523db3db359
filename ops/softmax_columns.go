package ops

import "math"

// softmaxLanes is how many neighbouring columns are done together, so that memory is
// read in order.
const softmaxLanes = 256

// stripe is n columns beside each other in a matrix.
type stripe struct {
	rows, pitch int // pitch: elements from a row to the next
	n           int // at most softmaxLanes
}

// row is what row k has of the columns.
func (m stripe) row(x []float32, k int) []float32 { return x[k*m.pitch:][:m.n] }

// stripeWork is the work memory of a softmax along columns.
func stripeWork(n int) int { return 3 * n }

// overColumns calls do for groups of neighbours of the inner axes, with the offset of
// their first element.
func overColumns(info Info, outer, c, inner int, do func(k *call, at int, m stripe, work []float32)) Primitive {
	groups := divide(inner, softmaxLanes)
	work := divideRows(outer*groups.parts, c*min(inner, softmaxLanes))
	info.ScratchPerWorker = stripeWork(softmaxLanes)
	return newPhased(info, phase{work.parts, func(k *call, worker, part int) {
		lo, hi := work.bounds(part)
		for g := lo; g < hi; g++ {
			i, end := groups.bounds(g % groups.parts)
			do(k, g/groups.parts*c*inner+i, stripe{c, inner, end - i}, k.x.Worker(&info, worker))
		}
	}})
}

// softmaxColumnsPortable adds up in float64.
func softmaxColumnsPortable(m stripe, dst, src, _ []float32) {
	var most [softmaxLanes]float32
	var total [softmaxLanes]float64
	copy(most[:], m.row(src, 0))
	for k := 1; k < m.rows; k++ {
		for i, v := range m.row(src, k) {
			most[i] = max(most[i], v)
		}
	}
	for k := range m.rows {
		row := m.row(dst, k)
		for i, v := range m.row(src, k) {
			e := math.Exp(float64(v) - float64(most[i]))
			total[i] += e
			row[i] = float32(e)
		}
	}
	for k := range m.rows {
		row := m.row(dst, k)
		for i, e := range row {
			row[i] = float32(float64(e) / total[i])
		}
	}
}

func softmaxColumnsBackwardPortable(m stripe, diffSrc, diffDst, dst, _ []float32) {
	var inner [softmaxLanes]float64
	for k := range m.rows {
		d := m.row(dst, k)
		for i, g := range m.row(diffDst, k) {
			inner[i] += float64(g) * float64(d[i])
		}
	}
	for k := range m.rows {
		d, ds := m.row(dst, k), m.row(diffSrc, k)
		for i, g := range m.row(diffDst, k) {
			ds[i] = float32(float64(d[i]) * (float64(g) - inner[i]))
		}
	}
}
