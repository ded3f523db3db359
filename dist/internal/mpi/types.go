package mpi

import "fmt"

// Datatype is the type of a buffer's elements.
type Datatype int

// The types that Cascade sends. Byte is data without a meaning: no operation is
// defined on it.
const (
	Float32 Datatype = iota
	Float64
	Int64
	Byte
	datatypes int = iota
)

var typeNames = [datatypes]string{"MPI_FLOAT", "MPI_DOUBLE", "MPI_INT64_T", "MPI_BYTE"}

// String returns the name in MPI.
func (t Datatype) String() string {
	if t < 0 || int(t) >= datatypes {
		return fmt.Sprintf("Datatype(%d)", int(t))
	}
	return typeNames[t]
}

// Size returns the bytes of an element.
func (t Datatype) Size() int {
	switch t {
	case Float32:
		return 4
	case Float64, Int64:
		return 8
	default:
		return 1
	}
}

// Op is how a reduction combines elements.
type Op int

// Operations. All are commutative; the order in which a sum is formed is the
// library's choice.
const (
	Sum Op = iota
	Max
	Min
	ops int = iota
)

var opNames = [ops]string{"MPI_SUM", "MPI_MAX", "MPI_MIN"}

// String returns the name in MPI.
func (o Op) String() string {
	if o < 0 || int(o) >= ops {
		return fmt.Sprintf("Op(%d)", int(o))
	}
	return opNames[o]
}

// ThreadLevel is what a library promises to programs with several threads. The
// zero value is that of a library before [Library.Init].
type ThreadLevel int

// Thread levels, in rising order. Every Go program has several threads, so Single
// is too little; Funneled is enough for one locked goroutine.
const (
	Single ThreadLevel = iota + 1
	Funneled
	Serialized
	Multiple
	levels int = iota
)

var levelNames = [levels]string{"MPI_THREAD_SINGLE", "MPI_THREAD_FUNNELED", "MPI_THREAD_SERIALIZED", "MPI_THREAD_MULTIPLE"}

// String returns the name in MPI.
func (l ThreadLevel) String() string {
	if l < Single || l > Multiple {
		return "not initialised"
	}
	return levelNames[l-1]
}
