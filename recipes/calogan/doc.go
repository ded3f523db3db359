// Calogan trains the 3D-GAN of the CLIC electromagnetic calorimeter: a network
// that makes the shower of an electron of given energy without simulating its
// particles.
//
//	calogan simulate --events 10000 --out showers.h5
//	calogan train --data showers.h5 --out out
//	calogan generate --model out/model.safetensors --events 2000 --out made.h5
//	calogan validate --data showers.h5 --gan made.h5 --out out
//
// Train works on several ranks, each on its share of every batch, under a launcher of MPI
// or as goroutines of one process:
//
//	mpirun -n 4 --bind-to none calogan train --threads 12 --batch 32 --scale-lr --data showers.h5
//	calogan train --ranks 4 --threads 12 --batch 32 --scale-lr --data showers.h5
//
// --batch is the batch of a rank, here 128 in all. Ranks see and draw what one rank with
// that batch would, but for dropout and, without --sync-batchnorm, the statistics of
// batches. The same seed on as many ranks gives the same bits; of MPI with three ranks or
// more, train.Reduce says when. The same command with --resume goes on, also on another
// number of ranks if --batch times their number stays.
//
// Files have the published layout: ECAL, N x 25 x 25 x 25 cells in GeV with axes
// (x, y, z), z the depth, and target, N x 2 or more with the primary energy in
// GeV in column 1. The files that simulate makes hold parameterised showers
// (package shower), which need no detector simulation.
package main
