// H5 looks after files of training data: HDF5 files, and Cascade's own shards.
//
//	h5 info showers.h5                      what is in it, and how well it suits training
//	h5 verify showers_*.h5                  reads everything: damage, NaN, speed
//	h5 convert showers_*.h5 showers.shard   one format to another
//	h5 repack showers.h5 quick.h5           other chunks, and what is gained by them
//
// Run it with go run ./data/h5; h5 COMMAND -h explains a command. What convert and
// repack write appears under its name when it is whole, and not before.
package main
