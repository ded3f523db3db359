package dist

// half reduces vectors of BFloat16. Every rank gets a piece of all vectors, adds it up in
// float32, rounds once, and gives it to the others: half of what float32 sends, and an
// error that does not grow with the number of ranks. The scratch memory grows to the
// largest vector, and then stays.
type half struct {
	send, receive region[BFloat16]
	sum           region[float32]
}

// allreduce reduces in place on all ranks.
func (h *half) allreduce(t transport, v vector, op Op) error {
	all, err := h.exchange(t, v, op)
	if err != nil {
		return err
	}
	copy(slice[BFloat16](v), all)
	return nil
}

// reduce reduces in place on root.
func (h *half) reduce(t transport, v vector, op Op, root int) error {
	all, err := h.exchange(t, v, op)
	if err != nil || t.rank() != root {
		return err
	}
	copy(slice[BFloat16](v), all)
	return nil
}

// exchange is the result for all elements of v, and padding.
func (h *half) exchange(t transport, v vector, op Op) ([]BFloat16, error) {
	ranks := t.size()
	piece := (v.n + ranks - 1) / ranks
	send, err := h.send.take(ranks * piece)
	if err != nil {
		return nil, err
	}
	copy(send, slice[BFloat16](v))
	clear(send[v.n:])
	mine := send[t.rank()*piece : (t.rank()+1)*piece] // of use again once it is sent
	if err := h.reduceScatter(t, vectorOf(mine), vectorOf(send), op); err != nil {
		return nil, err
	}
	all, err := h.receive.take(ranks * piece)
	if err != nil {
		return nil, err
	}
	return all, t.allgather(vectorOf(all), vectorOf(mine))
}

// reduceScatter gives this rank its piece of the result.
func (h *half) reduceScatter(t transport, dst, src vector, op Op) error {
	pieces, err := h.receive.take(src.n)
	if err != nil {
		return err
	}
	sum, err := h.sum.take(dst.n)
	if err != nil {
		return err
	}
	if err := t.alltoall(vectorOf(pieces), src); err != nil {
		return err
	}
	for i, x := range pieces[:dst.n] {
		sum[i] = x.Float32()
	}
	for begin := dst.n; begin < src.n; begin += dst.n {
		combineHalf(sum, pieces[begin:begin+dst.n], op)
	}
	for i, x := range sum {
		slice[BFloat16](dst)[i] = ToBFloat16(x)
	}
	return nil
}

func combineHalf(dst []float32, src []BFloat16, op Op) {
	src = src[:len(dst)]
	switch op {
	case Sum:
		for i, x := range src {
			dst[i] += x.Float32()
		}
	case Max:
		for i, x := range src {
			dst[i] = max(dst[i], x.Float32())
		}
	case Min:
		for i, x := range src {
			dst[i] = min(dst[i], x.Float32())
		}
	}
}
