// Resnet trains networks that classify images: by default a small residual network, by
// the plan of collapsed ensembles (Codreanu, Podareanu and Saletore, arXiv:1711.04291).
//
//	resnet plan --data DIR
//	resnet train --data DIR --out out/resnet
//	resnet evaluate --ensemble out/resnet/ensemble --data DIR
//
// A collapsed ensemble is one training whose learning rate goes up and down in cycles. At
// the end of each a branch collapses: weights are copied, the rate falls to zero within
// some epochs, under more weight decay and without random scales. What comes of it is a
// member, and the training goes on from where it was before. The members together are
// better than any of them, and cost one training.
//
// train writes into its folder
//
//	ensemble/               the members, with manifest.json: plan, preprocessing, hashes
//	checkpoint.safetensors  to go on from with --resume, to the same bits
//	log.csv, course.png     the course of the training
//	plan.png                its learning rate
//
// and evaluate writes report.json and report.png, and prints a row for each point of the
// training: before the collapse, after it, and the ensemble so far, in the shape of the
// published table.
//
// Train works on several ranks, each on its share of every batch and of the images to test
// with, under a launcher of MPI or as goroutines of one process:
//
//	mpirun -n 4 --bind-to none resnet train --threads 12 --batch 32 --data DIR
//	resnet train --ranks 4 --threads 12 --batch 32 --data DIR
//
// --batch is the batch of a rank, here 128 in all, which is what the usual learning rate
// follows. Ranks see what one rank with that batch would, moved in the same way; what
// dropout drops is their own, and without --sync-batchnorm so are the statistics of
// batches. The same seed on as many ranks gives the same bits; of MPI with three ranks or
// more, train.Reduce says when. The same command with --resume goes on, also on another
// number of ranks if --batch times their number stays.
//
// Data of the usual kinds are read as they are: package dataset says which, and what the
// levels of augmentation do. Networks are those of package arch. Other plans are baselines
// to measure ensembles against, or ensembles of their own: --plan lists them.
//
// 'make resnet' does all of this for Fashion-MNIST, with ResNet-14.
package main
