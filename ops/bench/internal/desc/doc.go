// Package desc reads the problem descriptors of benchdnn, oneDNN's tester: the
// shape of one primitive in one word.
//
//	mb64ic8id25oc8od25kd5pd2n"d3_8_8_k5"
//
// A word is a row of fields, each a name and a number, in any order; underscores
// between them mean nothing; n starts the problem's name, which takes the rest.
//
//	g groups   mb batch   ic, oc channels   eps of batch normalisation
//	ls, alpha, beta, k of response normalisation: size of the window, and numbers
//	l layers   t time steps   slc, sic, dhc, dic features of a recurrent layer's
//	  input, of its state before, of its cells and of its state after
//	i size of src, o of dst, k kernel, s stride, p padding before, d dilation
//	  (0 is dense), each followed by the axis: d, h or w
//
// What is left out follows from the rest, as in benchdnn: the batch is 2, the
// stride 1, the dilation 0, and axes are copied whole, d to h and w where neither
// is given, h to w where neither w nor d is. Where dst is given and the padding
// is not, the padding is split evenly, its odd cell coming after; where padding is
// given too, what is missing comes after, so that it need not be symmetric. Where
// dst is not given, it follows from the padding, which is then 0 or symmetric.
//
// Primitives without windows are described by their dimensions: 16x64x28x28.
//
// The functions that matter are [Conv], [Deconv], [InnerProduct], [BatchNorm],
// [Pooling], [LRN], [RNN] and [Dims], one for each form.
package desc
