//go:build tools

package main

// The generator reads this package's types by its path.
import _ "github.com/cascade-hpc/cascade/ops/avx512"
