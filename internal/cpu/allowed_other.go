//go:build !linux

package cpu

import (
	"fmt"
	"runtime"
)

// Allowed are the cores that the process may use.
func Allowed() ([]int, error) {
	return nil, fmt.Errorf("affinity is unsupported on %s: none is expected", runtime.GOOS)
}
