package desc

import "fmt"

// axis is a spatial axis of a problem with windows, in benchdnn's numbers.
type axis struct {
	in, out int // sizes of src and dst; 0 is not given
	k       int // kernel; 0 is not given
	s       int // stride
	p       int // padding before; −1 is not given
	d       int // dilation, 0 being dense
}

// idle is an axis that a problem does not have.
var idle = axis{in: 1, out: 1, k: 1, s: 1}

// windowNames are the fields of three axes.
func windowNames() []string {
	var names []string
	for _, what := range "ioksp" {
		names = append(names, string(what)+"d", string(what)+"h", string(what)+"w")
	}
	return append(names, "dd", "dh", "dw")
}

func (f fields) axis(letter string) axis {
	return axis{
		in: f.get("i"+letter, 0), out: f.get("o"+letter, 0), k: f.get("k"+letter, 0),
		s: f.get("s"+letter, 1), p: f.get("p"+letter, -1), d: f.get("d"+letter, 0),
	}
}

// given says that the descriptor has the axis. As in benchdnn, a stride of 1 or a
// padding of 0 alone does not make one.
func (a axis) given() bool {
	return a.in != 0 || a.out != 0 || a.k != 0 || a.d != 0 || a.s != 1 || a.p > 0
}

// span is the number of elements from the first tap to the last.
func (a axis) span() int { return (a.k-1)*(a.d+1) + 1 }

// flow says how sizes follow from each other: a convolution and a pooling reduce
// src to dst, a deconvolution the other way round.
type flow bool

const (
	reduces flow = false
	expands flow = true
)

// ends are the sizes of the larger and smaller side, that is, of the side with the
// taps and the side with the windows.
func (f flow) ends(a axis) (large, small int) {
	if f == expands {
		return a.out, a.in
	}
	return a.in, a.out
}

// padding is that of both sides together for the sizes there are.
func (f flow) padding(a axis) int {
	large, small := f.ends(a)
	return (small-1)*a.s + a.span() - large
}

// outSize is the size of dst with the padding on either side.
func (f flow) outSize(a axis) int {
	if f == expands {
		return (a.in-1)*a.s + a.span() - 2*a.p
	}
	free := a.in + 2*a.p - a.span()
	if free < 0 {
		return 0
	}
	return free/a.s + 1
}

// complete fills in what follows from the rest of an axis.
func (f flow) complete(a axis, letter string) (axis, error) {
	if a.in == 0 || a.k == 0 {
		return a, fmt.Errorf("axis %[1]s: i%[1]s is %[2]d and k%[1]s is %[3]d, where both are needed", letter, a.in, a.k)
	}
	if a.s == 0 {
		return a, fmt.Errorf("axis %[1]s: s%[1]s is 0, where 1 is the least", letter)
	}
	switch {
	case a.out == 0:
		a.p = max(a.p, 0)
		if a.out = f.outSize(a); a.out < 1 {
			return a, fmt.Errorf("axis %[1]s: nothing is left of dst with i%[1]s%[2]d k%[1]s%[3]d p%[1]s%[4]d d%[1]s%[5]d", letter, a.in, a.k, a.p, a.d)
		}
	case a.p < 0:
		if a.p = f.padding(a) / 2; a.p < 0 {
			return a, fmt.Errorf("axis %[1]s: o%[1]s%[2]d leaves elements of i%[1]s%[3]d out: padding would have to be %[4]d", letter, a.out, a.in, a.p)
		}
	}
	return a, nil
}

// axes are the three axes of a problem: those that are given, completed, and what
// follows from them for the others.
func (f flow) axes(ints fields) ([3]axis, error) {
	var a [3]axis
	var given [3]bool
	for i, letter := range []string{"d", "h", "w"} {
		a[i] = ints.axis(letter)
		if given[i] = a[i].given(); !given[i] {
			continue
		}
		var err error
		if a[i], err = f.complete(a[i], letter); err != nil {
			return a, err
		}
	}
	return promote(a, given, idle)
}

// promote copies the axes that are given to those that are not.
func promote[T any](a [3]T, given [3]bool, none T) ([3]T, error) {
	switch given {
	case [3]bool{true, true, true}:
	case [3]bool{true, false, false}:
		a[1], a[2] = a[0], a[0]
	case [3]bool{false, true, true}:
		a[0] = none
	case [3]bool{false, true, false}:
		a[0], a[2] = none, a[1]
	case [3]bool{false, false, true}:
		a[0], a[1] = none, none
	case [3]bool{}:
		return a, fmt.Errorf("no spatial axis: at least one of id, ih, iw is needed")
	default:
		return a, fmt.Errorf("of the axes d, h and w, d and one more are given: d alone, or all three, are needed")
	}
	return a, nil
}

// columns are the axes turned into the fields of a descriptor of package ops.
type columns struct{ in, out, kernel, stride, dilation, lo [3]int }

func turn(axes [3]axis) columns {
	var c columns
	for i, a := range axes {
		c.in[i], c.out[i], c.kernel[i] = a.in, a.out, a.k
		c.stride[i], c.dilation[i], c.lo[i] = a.s, a.d+1, a.p
	}
	return c
}
