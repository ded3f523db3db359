package mpi

import "unsafe"

// maxArguments is what MPI_Allgather and MPI_Alltoall have.
const maxArguments = 7

// Library is an open MPI library. MPI starts once in a process, so one is enough.
type Library struct {
	name      string // path of the file, or what the loader was told
	handle    uintptr
	addresses [functions]uintptr
	abi       ABI
	constants
	version Version
	owner   bool // whether Init has started MPI, and Finalize ends it
	ended   bool // whether Finalize has been called

	// Arguments and results of the call that is going on. They live here so that
	// calls allocate nothing.
	words  [maxArguments]uintptr
	held   [maxArguments]unsafe.Pointer
	result int32
}

// argument is one of a call of C: memory, or else a word.
type argument struct {
	memory unsafe.Pointer
	word   uintptr
}

// at passes the address of memory.
func at(p unsafe.Pointer) argument { return argument{memory: p} }

// word passes a handle or a number. C looks at as many of its low bits as the type
// in mpi.h has.
func word[T int | int32 | uintptr](v T) argument { return argument{word: uintptr(v)} }

// input passes a send buffer; nil says that the data is where the result will be.
func (l *Library) input(p unsafe.Pointer) argument { return argument{memory: p, word: l.inPlace} }

// kind passes a type.
func (l *Library) kind(t Datatype) argument { return word(l.types[t]) }

// operation passes an operation.
func (l *Library) operation(op Op) argument { return word(l.ops[op]) }

// answer passes the place for a result of type int.
func (l *Library) answer() argument { return at(unsafe.Pointer(&l.result)) }

// do calls a function and turns its code into an error. Storing the addresses in l
// forces what they point to out of goroutines' stacks, which may move, and keeps it
// alive until C has returned.
func (l *Library) do(f function, arguments ...argument) error {
	for i, a := range arguments {
		l.held[i], l.words[i] = a.memory, a.word
		if a.memory != nil {
			l.words[i] = uintptr(a.memory)
		}
	}
	code := call(l.addresses[f], l.words[:len(arguments)]...)
	clear(l.held[:])
	if code != 0 {
		return l.failure(f, code)
	}
	return nil
}
