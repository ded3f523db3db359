// Package shm is memory that the processes of one machine share, and a barrier in it at
// which they sleep instead of spin.
//
//	m, name, err := shm.Create(bytes)     // one process
//	m, err := shm.Open(name, bytes)       // the others, who are told the name
//	err := shm.Remove(name)               // when all have it
//	b := shm.NewBarrier(m.Bytes(), ranks) // all: the same memory
//	b.Wait()
//
// Linux only; elsewhere Create and Open return ErrUnsupported.
package shm
