//go:build !linux

package ops

import (
	"fmt"
	"runtime"
)

func allowedCores() ([]int, error) {
	return nil, fmt.Errorf("affinity is unsupported on %s: none is expected", runtime.GOOS)
}

type mask struct{}

func yieldThread() {}

func pin(int)            {}
func pinCaller(int) mask { return mask{} }
func unpinCaller(*mask)  {}
