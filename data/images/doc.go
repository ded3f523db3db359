// Package images makes networks' input of images as they are stored: compressed, in
// JPEG or PNG, or as arrays of bytes, channels first or last.
//
// There is no standard for images in HDF5 files. Whatever the names and the form,
// two lines of a pipeline read them:
//
//	data.Open("imagenet/*.h5").
//		Raw("train_img").Ints("train_labels").
//		Map(images.View{Field: "train_img", Height: 224, Width: 224, Random: true}, 0).
//		Map(augment.Flip{Field: "train_img"}, 0).
//		Map(augment.Normalize{Field: "train_img", Mean: mean, Std: std}, 0)
//
// [View] decodes an image, cuts a box out of it, a random one for training or the
// middle for tests, and scales the box to one size, so that images of any size make
// a batch. [FromNHWC] only puts the channels of an array first.
//
// Decoding is by image/jpeg and image/png of Go's standard library. A view of a
// photograph of 500 x 375 pixels, 95 kB, takes 4.7 ms of one core, against 0.4 ms for
// an array of 256 x 256 (AMD Zen 5, go test ./data/images -run '^$' -bench View):
// store pixels where that bounds training.
package images
