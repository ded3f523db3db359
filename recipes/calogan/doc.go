// Calogan trains the 3D-GAN of the CLIC electromagnetic calorimeter: a network
// that makes the shower of an electron of given energy without simulating its
// particles.
//
//	calogan simulate --events 10000 --out showers.h5
//	calogan train --data showers.h5 --out out
//	calogan generate --model out/model.safetensors --events 2000 --out made.h5
//	calogan validate --data showers.h5 --gan made.h5 --out out
//
// Files have the published layout: ECAL, N x 25 x 25 x 25 cells in GeV with axes
// (x, y, z), z the depth, and target, N x 2 or more with the primary energy in
// GeV in column 1. The files that simulate makes hold parameterised showers
// (package shower), which need no detector simulation.
package main
