//go:build amd64 && !noasm

package ops

// haveAssembly says that this build holds assembly kernels.
const haveAssembly = true
