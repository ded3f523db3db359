// Package data brings training data from files to batches without ever handing
// on a wrong number.
package data
