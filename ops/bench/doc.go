// Command bench times primitives and checks them against the portable kernels. It
// reads the problem descriptors and batch files of benchdnn, oneDNN's tester, as they
// stand.
//
//	go run ./ops/bench --conv --dir=FWD_D 'mb8ic64ih56oc64oh56kh3ph1n"res2a_3x3"'
//	go run ./ops/bench --conv --dir=FWD_D,BWD_D,BWD_W --mb=16 --summary --batch=shapes_3dgan
//	go run ./ops/bench --deconv --dir=BWD_W --mode=C --mb=2 --batch=shapes_3d_deconv
//	go run ./ops/bench --conv --stag=NCX16n --dtag=NCX16n mb16ic8id25oc8kd5pd2
//	go run ./ops/bench --pool --alg=max,avg_np mb96ic768_ih17oh17_kh3sh1ph1
//	go run ./ops/bench --eltwise --alg=elu --alpha=0.5 --csv 64x64x56x56
//	go run ./ops/bench --reorder --stag=nchw --dtag=nChw16c 16x64x56x56
//	go run ./ops/bench --rnn --alg=VANILLA_LSTM --prop=FWD_D,BWD_DW l1t35mb64sic512
//	go run ./ops/bench --lrn --alg=ACROSS,WITHIN --dir=FWD_D,BWD_D mb256ic96_ih55
//
// Options apply to the descriptors after them; a list stands for each of its values
// in turn; --help lists them all. The grammar of descriptors is described in
// [github.com/cascade-hpc/cascade/ops/bench/internal/desc], with what follows from
// what is left out. A batch file holds options and descriptors, # starts a comment.
// The shapes in testdata are built in.
//
// # What is printed
//
// A line for each problem: its name, what is computed, the implementation, the
// layouts of src and dst, the rate, the best and the median time of an execution, and
// the share of what the machine can do at most, measured in the same process on as
// many threads.
//
// Convolution, deconvolution, inner product and recurrent layers are rated in GFLOP/s,
// multiply-adds counting 2 and only where the tap lies inside the image (of recurrent
// layers those of the products alone), against the peak of multiply-adds in registers
// with the current instruction set ("-" where there is no kernel to measure it). The
// others stream: they are rated in GB/s, of what they must read and write at the least,
// against the STREAM triad (https://www.cs.virginia.edu/stream/). A problem that fits the
// caches may exceed it.
//
// --csv prints the columns name,impl,gflops,best_ms,median_ms,peak_share; the last is
// a fraction, of the peak or of the triad as above. All else goes to standard error.
//
// The layouts of convolution and deconvolution are those of --stag and --dtag: plain, as
// nchw or abx or NCX, channels in blocks, as nChw16c or NCX16c, or the batch in blocks,
// as Nchw16n or NCX16n. With any, the default, they are those with which the primitive
// says that it is fastest; reorders are not timed, as in benchdnn. Batch normalisation
// and pooling have one layout, that of --tag, by the same names.
//
// A recurrent layer is one primitive, in one direction: stacks and both directions at
// once are unimplemented. --prop, or --dir, is FWD_D in training, FWD_I in inference, or
// BWD_DW, all gradients; --activation is that of VANILLA_RNN. Sequences lie in memory
// with the time outermost, or with --tag=ntc the batch.
//
// # Checks
//
// With --mode=C every output is compared with that of the portable kernels, which
// define what is right. Data are small whole numbers, of which float32 holds all sums
// exactly, so that results are the same whatever the order of additions; elsewhere
// there is a tolerance, and a failure says why. It prints where the outputs differ,
// what was expected, what was found, and the command that reproduces it. The exit
// status is 1 then, and 2 where the arguments are wrong. "passed (is itself the portable
// kernel)" says that there was nothing to compare with. A problem of benchdnn's that
// there is no primitive for is called unimplemented, as it is there, and is no failure.
//
// benchdnn is described at
// https://github.com/uxlfoundation/oneDNN/tree/main/tests/benchdnn.
package main
