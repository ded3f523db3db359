// Package ops holds Cascade's primitives: convolution, deconvolution, inner
// product, recurrent cells, batch and local response normalisation, pooling,
// activations, losses and the small operations between them, forward and backward,
// in two and three dimensions.
//
// A primitive is created once from a descriptor and executed many times on
// memory that the caller owns. Whatever can be decided from the shapes is decided
// when it is created; an execution neither checks nor allocates.
//
// Where a descriptor names a [Layout], tensors may also lie with channels or samples in
// blocks of 16, a vector; [NewReorder] goes from one layout to another.
//
// The types that matter are [Primitive], the interface of them all; [Exec], the
// environment of an execution; and [Pool], the workers. Networks are declared one
// floor up, in package nn, which compiles them to primitives.
//
// Every primitive has a kernel in portable Go that defines what is right. Faster
// kernels (packages ops/avx512 and ops/avx2) are chosen when the primitive is
// created, by the processor's features or less where CASCADE_ISA says so, and are
// tested against the portable ones.
package ops
