// Package resample scales images: a box of an image to a given size, by bilinear
// interpolation that does not alias, and the random boxes of image classification.
package resample
