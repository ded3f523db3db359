//go:build !amd64 || noasm

package ops

func assemblyLoops(ISA) *loops { return nil }
