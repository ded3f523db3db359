//go:build !amd64 || noasm

package ops

func assemblyKernels(ISA) (kernels, bool) { return kernels{}, false }
