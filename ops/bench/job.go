package main

import (
	"fmt"
	"math"
	"slices"

	"github.com/cascade-hpc/cascade/ops"
)

// job is a primitive with the data it works on.
type job struct {
	make func() (ops.Primitive, error)
	// plain makes the primitive that is checked against, all of whose tensors are in
	// plain layout. nil is make.
	plain   func() (ops.Primitive, error)
	in, out []operand
	layouts string // of src and dst
	// streams says that memory limits the primitive, not arithmetic.
	streams bool
	// tolerance is how far an output may be from the portable kernel's, relative to
	// the largest of its elements. 0 asks for the same bits.
	tolerance float64
	why       string // what the tolerance is for, "" where it is 0
}

// operand is a tensor of a job.
type operand struct {
	name   string
	shape  []int               // nil is an output that is not wanted
	fill   func(i int) float32 // an input's elements; nil for outputs
	layout ops.Layout
	packed *packing // weights in the order of the kernels; nil where they are plain
}

// packing is how weights get into the order in which kernels use them, and back.
type packing struct {
	length    int
	to, plain func() (ops.Primitive, error)
}

// maxElements bounds a tensor to 8 GiB, so that a descriptor with a digit too many
// is refused instead of bringing the machine down.
const maxElements = 1 << 31

// size is the number of floats that the tensor takes.
func (o operand) size() int {
	if o.packed != nil {
		return o.packed.length
	}
	return o.layout.Size(o.shape)
}

// padded is a shape of at least as many elements as the tensor takes in memory. It may
// be that of one too large, for which size would overflow.
func (o operand) padded() []int {
	padded := slices.Clone(o.shape)
	if o.layout != ops.NCX {
		for axis := range min(2, len(padded)) {
			padded[axis] += ops.Block - 1
		}
	}
	return padded
}

// validate refuses tensors that are too large.
func (j job) validate() error {
	for _, o := range slices.Concat(j.in, j.out) {
		n := 1
		for _, s := range o.padded() {
			if s > 0 && n > maxElements/s {
				return fmt.Errorf("%s of %v is larger than %d elements, the most that is tested", o.name, o.shape, maxElements)
			}
			n *= s
		}
	}
	return nil
}

// inLayout makes the primitive of a layout, and of plain tensors to check against.
func (j *job) inLayout(l ops.Layout, of func(l ops.Layout) (ops.Primitive, error)) {
	j.make = func() (ops.Primitive, error) { return of(l) }
	j.plain = func() (ops.Primitive, error) { return of(ops.NCX) }
}

// asPlain is the job with all tensors in plain layout.
func (j job) asPlain() job {
	if j.plain == nil {
		return j
	}
	j.make, j.plain = j.plain, nil
	j.in, j.out = slices.Clone(j.in), slices.Clone(j.out)
	for i := range j.in {
		j.in[i].layout, j.in[i].packed = ops.NCX, nil
	}
	for i := range j.out {
		j.out[i].layout, j.out[i].packed = ops.NCX, nil
	}
	return j
}

// at is the index of an element along each axis.
func (o operand) at(i int) []int {
	index := make([]int, len(o.shape))
	for a := len(o.shape) - 1; a >= 0; a-- {
		index[a] = i % o.shape[a]
		i /= o.shape[a]
	}
	return index
}

// exactSum is the number up to which float32 holds every whole number: sums below
// it are exact in whatever order they are formed.
const exactSum = 1 << 24

// largest is the greatest magnitude of whole numbers of which terms products can be
// added up exactly, and whether there is one. benchdnn's data are chosen like this.
func largest(terms int) (limit int, exact bool) {
	const most = 16
	limit = int(math.Sqrt(float64(exactSum / max(terms, 1))))
	return min(max(limit, 1), most), limit > 0
}

// whole fills with whole numbers from −limit to limit.
func whole(limit int, seed uint64) func(i int) float32 {
	return func(i int) float32 {
		return float32(int(mix(uint64(i), seed)%uint64(2*limit+1)) - limit)
	}
}

// wholeFrom1 fills with whole numbers from 1 to limit.
func wholeFrom1(limit int, seed uint64) func(i int) float32 {
	return func(i int) float32 { return float32(1 + mix(uint64(i), seed)%uint64(limit)) }
}

// eighths fills with multiples of 1/8 from −limit to limit.
func eighths(limit int, seed uint64) func(i int) float32 {
	wholes := whole(8*limit, seed)
	return func(i int) float32 { return wholes(i) / 8 }
}

// mix is a hash of an index (Steele, Lea and Flood's SplitMix64, OOPSLA 2014): an
// element is the same whoever fills it.
func mix(i, seed uint64) uint64 {
	z := (i + seed<<40 + 1) * 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
