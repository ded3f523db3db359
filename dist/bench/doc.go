// Command bench measures what ranks cost each other: collectives beside a C program on the
// same MPI, and training steps beside those of one rank. Of clusters larger than what is
// there it makes a forecast: SimGrid plays a step that was measured.
//
//	go run ./dist/bench allreduce --ranks 2
//	mpirun -n 2 bin/bench-dist allreduce
//	bin/bench-dist compare --launch 'mpirun -n 2' --twin out/bench-dist/allreduce-openmpi
//	go run ./dist/bench trace --net resnet50 --out out/resnet50.json
//	go run ./dist/bench scale --step out/resnet50.json --rate 50.4 --nodes 2,8,32
//
// Without --ranks the ranks are those of the launcher, mpirun, mpiexec or srun; with it
// they are goroutines. 'make bench-dist' runs everything and writes tables and JSON to
// out/bench-dist.
package main
