// Package dataset opens labelled images of any of the usual kinds and makes what a
// classifier takes: batches of pixels, normalised, with their labels.
//
//	set, err := dataset.Open(ctx, "/usr/share/datasets/fashion-mnist", dataset.Options{})
//	loader, err := set.Training(plan.Full).Shuffle(seed, 0).Batch(128, data.Drop).Loader()
//
// Open is given
//
//   - a folder of IDX files: train-images-idx3-ubyte.gz and its likes, of MNIST and
//     Fashion-MNIST;
//   - a folder of CIFAR-10 or CIFAR-100 in binary: data_batch_*.bin and test_batch.bin,
//     or train.bin and test.bin;
//   - a folder with train*.h5 and test*.h5 or val*.h5 in it (.hdf5, .shard);
//   - names or patterns of HDF5 files or shards, with those of the test images in
//     [Options.Test], in data sets of their own in the same files, or with a share of
//     the images held back.
//
// There is no standard for images in HDF5. Data sets are found by the names that are in
// use (see [Options.Images]), and hold JPEG or PNG files as bytes of variable length, or
// arrays, channels first or last.
//
// # Augmentation
//
// Arrays of up to 64 x 64 pixels are taken in the size they have. [plan.Full] scales a
// random box of them up, and then does what [plan.NoScale] does: cuts at random after
// putting zeros around them (He et al., CVPR 2016, section 4.2) and mirrors.
//
// Larger images, and files, become views of one size as the published recipes have it:
// [plan.Full] is a random box of 8 to 100% of the image, scaled and mirrored (Szegedy et
// al., CVPR 2015, section 6), [plan.NoScale] a random part of 224 x 224 of an image whose
// short side is scaled to 256, mirrored. Tests take the middle of that.
package dataset
