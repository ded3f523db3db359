package ops

// runs are runs of one length that lie apart in memory: what a channel has of a tensor.
type runs struct {
	length, count int
	pitch         int // elements from the start of a run to that of the next
}

// oneRun is a run of n elements.
func oneRun(n int) runs { return runs{length: n, count: 1, pitch: n} }

// end is the place after the last element.
func (r runs) end() int {
	if r.length == 0 || r.count == 0 {
		return 0
	}
	return (r.count-1)*r.pitch + r.length
}

// each calls do with the bounds of every run.
func (r runs) each(do func(lo, hi int)) {
	for lo := 0; lo < r.end(); lo += r.pitch {
		do(lo, lo+r.length)
	}
}
