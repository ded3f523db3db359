// Chexnet trains DenseNet-121 to see fourteen findings in chest radiographs, as CheXNet
// does (Rajpurkar et al. 2017, arXiv:1711.05225), on ChestX-ray14 (Wang et al., CVPR
// 2017, arXiv:1705.02315), and tells how well by the area under the ROC curve.
//
//	chexnet convert --images DIR --out chestxray14
//	chexnet train --data chestxray14/train_val.h5 --weights imagenet.safetensors --out out
//	chexnet evaluate --data chestxray14/test.h5 --model out/model.safetensors --out out
//
// DIR is the data set as the NIH publishes it. Who does not have it makes a small one of
// drawn images in the same layout, and trains a small network on it:
//
//	go run ./recipes/chexnet make --out made
//	go run ./recipes/chexnet convert --images made --out made/h5
//	go run ./recipes/chexnet train --data made/h5/train_val.h5 --arch small --out out
//	go run ./recipes/chexnet evaluate --data made/h5/test.h5 --model out/model.safetensors --out out
//
// That took under a minute and a mean AUROC of 0.89 on images of other patients (seed 1,
// two cores of an AMD EPYC with AVX-512): large findings are seen for certain, and what is
// small or faint, such as a nodule (0.70), less so. The numbers say that the training
// works, and nothing about radiographs.
//
// # Cost
//
// On the same two cores convert brings 87 drawn images of 1024 x 1024 a second to 256 x
// 256, and train --arch densenet121 sees 12 images a second, in 2.4 GB with its batches of
// 16: about 1.8 hours for an epoch of the 77,900 images that official list and validation
// leave.
//
// # Several ranks
//
// Train works on several ranks, each on its share of every batch and of the images for
// validation, under a launcher of MPI or as goroutines of one process:
//
//	mpirun -n 4 --bind-to none chexnet train --threads 12 --batch 4 --data chestxray14/train_val.h5
//	chexnet train --ranks 4 --threads 12 --batch 4 --data chestxray14/train_val.h5
//
// --batch is the batch of a rank, here 16 in all. --lr is taken as it is, however large the
// batch of all ranks. The same command with --resume goes on, also on another number of
// ranks if --batch times their number stays.
//
// # The training
//
// As published: whole images scaled to 224 x 224, mirrored half of the time, normalised
// like ImageNet's; a sigmoid and a binary cross entropy for each finding; Adam with a rate
// of 1e-3 and batches of 16; the rate divided by ten whenever the loss on the images for
// validation has not fallen. Unlike there, the model of the highest mean AUROC is kept, not
// that of the lowest loss. No patient is both trained on and validated with.
//
// The paper begins with weights that were trained on ImageNet. They are to be given with
// --weights, as a file of zoo.DenseNet121's parameters with any number of outputs; without
// it the training begins from random ones.
package main
