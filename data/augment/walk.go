package augment

import (
	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/source"
)

// walk moves elements from one row to another: along each axis, n elements that
// lie a stride apart in either row. Flips, turns, crops and permutations of axes
// are walks that differ in their strides.
type walk struct {
	rank     int
	from, to int // where the first element lies
	axes     [maxRank]leg
}

type leg struct{ n, from, to int }

// over is the walk over all elements of a row of this shape, in order.
func over(shape []int) walk {
	w := walk{rank: len(shape)}
	stride := 1
	for k := len(shape) - 1; k >= 0; k-- {
		w.axes[k] = leg{n: shape[k], from: stride}
		stride *= shape[k]
	}
	return w
}

// reverse goes through an axis backwards.
func (w *walk) reverse(axis int) {
	a := &w.axes[axis]
	w.from += (a.n - 1) * a.from
	a.from = -a.from
}

// swap exchanges two axes.
func (w *walk) swap(i, j int) { w.axes[i], w.axes[j] = w.axes[j], w.axes[i] }

// into says that the elements go into a row of this shape, by default from its
// beginning.
func (w *walk) into(shape []int) {
	stride := 1
	for k := w.rank - 1; k >= 0; k-- {
		w.axes[k].to = stride
		stride *= shape[k]
	}
}

// row takes the walk through a field that has the same kind before and after.
// Elements of dst that it does not meet become zero if sparse.
func (w *walk) row(dst, src *data.Row, f source.Field, sparse bool) {
	switch f.Kind {
	case source.Float32:
		take(w, dst.Float32(f.Name), src.Float32(f.Name), sparse)
	case source.Int64:
		take(w, dst.Int64(f.Name), src.Int64(f.Name), sparse)
	default:
		take(w, dst.Uint8(f.Name), src.Uint8(f.Name), sparse)
	}
}

func take[T source.Number](w *walk, dst, src []T, sparse bool) {
	if &dst[0] == &src[0] {
		s := borrow()
		defer s.giveBack()
		copied := room[T](s, len(src))
		copy(copied, src)
		src = copied
	}
	if sparse {
		clear(dst)
	}
	move(dst, src, w.to, w.from, w.axes[:w.rank])
}

func move[T any](dst, src []T, to, from int, axes []leg) {
	if len(axes) == 0 {
		dst[to] = src[from]
		return
	}
	a := axes[0]
	if len(axes) > 1 {
		for range a.n {
			move(dst, src, to, from, axes[1:])
			to, from = to+a.to, from+a.from
		}
		return
	}
	if a.to == 1 && a.from == 1 {
		copy(dst[to:to+a.n], src[from:from+a.n])
		return
	}
	for range a.n {
		dst[to] = src[from]
		to, from = to+a.to, from+a.from
	}
}
