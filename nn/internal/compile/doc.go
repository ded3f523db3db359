// Package compile turns a declared graph into a program: a flat list of primitives
// over one planned block of memory.
//
// [Compile] is a list of passes over a [Module]; each is a file with the name of
// the pass:
//
//	specialise  layers become what they compute in training or in inference
//	fold        zero padding becomes part of the convolution behind it
//	autodiff    operations that compute the gradients of what is trained are added
//	effects     what a run stores in parameters gets memory of its own to come from
//	fuse        activations become part of the operation before them
//	prune       operations that nothing needs are dropped
//	layout      every tensor gets a memory layout, and reorders where two disagree
//	lower       operations become primitives
//	plan        every tensor gets its place in the arena
//
// Each pass leaves notes of what it did, which [Program.Explain] prints.
package compile
