// Package ir is the untyped graph under nn and nn/conv3d: nodes, values, shape
// inference at the moment a node is made, and the list of mistakes with the
// places in the user's program that made them.
//
// The typed handles of nn are thin faces over a [Value]. The compiler
// (nn/internal/compile) works on graphs of the same kind, in which the backward
// pass is made of nodes too.
package ir
