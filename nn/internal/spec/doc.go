// Package spec holds the settings of convolution, deconvolution and pooling that
// nn and nn/conv3d share under their typed faces: immutable values whose setters
// remember the first mistake and the place it was made.
package spec
