// Package nih reads and writes ChestX-ray14 in the layout in which the NIH publishes it
// (Wang et al., CVPR 2017, arXiv:1705.02315):
//
//	images/00000001_000.png …     112,120 PNG files of 1024 x 1024
//	Data_Entry_2017.csv           findings and patient of each image
//	train_val_list.txt            names of the images to train on
//	test_list.txt                 and to test on; no patient is in both
//
// [Open] checks that all of that fits together. The images and labels of one of the two
// lists are then a [Source] for pipelines of package data:
//
//	set, err := nih.Open("chestxray14", nih.Options{})
//	pipeline := data.From(nih.NewSource(set.Test)).Raw("image", "labels")
//
// Entries are in an order of their own: the images of a patient stand together, and
// patients in an order that is as good as random and always the same. So a cut between
// two patients anywhere gives two samples of patients, and files of consecutive images
// are not sorted by when people came to the hospital.
package nih
