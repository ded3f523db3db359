//go:build tools

package main

// The generator reads these packages' types by their paths.
import (
	_ "github.com/cascade-hpc/cascade/ops/avx2"
	_ "github.com/cascade-hpc/cascade/ops/avx512"
)
