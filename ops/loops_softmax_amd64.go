//go:build amd64 && !noasm

package ops

import (
	"unsafe"

	"github.com/cascade-hpc/cascade/ops/avx512"
)

func (s *streaming) softmaxBackward(diffSrc, diffDst, dst []float32, inner float64) {
	s.binary(avx512.SoftmaxBackward, diffSrc, diffDst, dst, &avx512.ElementwiseArgs{D: [2]float64{inner}})
}

func (s *streaming) softmaxColumns(m stripe, dst, src, work []float32) {
	most, total, rest := work[:m.n], work[m.n:2*m.n], work[2*m.n:3*m.n]
	copy(most, m.row(src, 0))
	for k := 1; k < m.rows; k++ {
		s.binary(avx512.Max, most, most, m.row(src, k), &avx512.ElementwiseArgs{})
	}
	clear(total)
	clear(rest)
	for k := range m.rows {
		var args avx512.ElementwiseArgs
		args.In = [4]unsafe.Pointer{operand(m.row(src, k), m.n), operand(most, m.n), operand(total, m.n), operand(rest, m.n)}
		args.Out = [3]unsafe.Pointer{operand(m.row(dst, k), m.n), args.In[2], args.In[3]}
		s.elementwise(avx512.ExpAdd, m.n, &args)
	}
	for k := range m.rows {
		s.binary(avx512.Quotient, m.row(dst, k), m.row(dst, k), total, &avx512.ElementwiseArgs{})
	}
}

func (s *streaming) softmaxColumnsBackward(m stripe, diffSrc, diffDst, dst, work []float32) {
	inner, rest := work[:m.n], work[m.n:2*m.n]
	clear(inner)
	clear(rest)
	for k := range m.rows {
		var args avx512.ElementwiseArgs
		args.In = [4]unsafe.Pointer{operand(m.row(diffDst, k), m.n), operand(m.row(dst, k), m.n), operand(inner, m.n), operand(rest, m.n)}
		args.Out[0], args.Out[1] = args.In[2], args.In[3]
		s.elementwise(avx512.ProductAdd, m.n, &args)
	}
	for k := range m.rows {
		var args avx512.ElementwiseArgs
		args.In[0], args.In[1], args.In[2] = operand(m.row(diffDst, k), m.n), operand(m.row(dst, k), m.n), operand(inner, m.n)
		args.Out[0] = operand(m.row(diffSrc, k), m.n)
		s.elementwise(avx512.SoftmaxColumnBackward, m.n, &args)
	}
}
