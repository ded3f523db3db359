//go:build !amd64 || noasm

package ops

// spin keeps a core's multipliers as busy as they can be and returns the floating-point
// operations done, 0 where this build cannot tell what the core can do.
func spin() float64 { return 0 }
