//go:build !linux

package shm

import (
	"runtime"
	"sync/atomic"
)

// sleep lets others work.
func sleep(*atomic.Uint32, uint32) { runtime.Gosched() }

// wake has nobody to wake.
func wake(*atomic.Uint32) {}
