// Package replay predicts how a training step scales to nodes that are not there: it
// writes what every rank would compute and send, and lets SimGrid's SMPI play that on a
// model of a cluster.
package replay
