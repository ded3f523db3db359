package ops

import "testing"

var innerProductCases = []struct {
	name string
	desc InnerProductDesc
}{
	{"one of everything", InnerProductDesc{N: 1, IC: 1, OC: 1, Bias: true}},
	{"no samples", InnerProductDesc{N: 0, IC: 3, OC: 4, Bias: true}},
	{"primes", InnerProductDesc{N: 5, IC: 33, OC: 17, Bias: true}},
	{"one sample to many channels", InnerProductDesc{N: 1, IC: 200, OC: 301}},
	{"many samples to one channel", InnerProductDesc{N: 13, IC: 3001, OC: 1, Bias: true}},
	{"one channel to many", InnerProductDesc{N: 9, IC: 1, OC: 50, Bias: true}},
	{"a piece of the vectors", InnerProductDesc{N: 2, IC: pieceLength, OC: 3}},
	{"one below a piece", InnerProductDesc{N: 3, IC: pieceLength - 1, OC: 2}},
	{"one above a piece", InnerProductDesc{N: 3, IC: pieceLength + 1, OC: 4, Bias: true}},
	{"one above a group of rows", InnerProductDesc{N: groupRows + 1, IC: 17, OC: groupRows + 2, Bias: true}},
	{"one below a group of rows", InnerProductDesc{N: groupRows - 1, IC: 15, OC: groupRows}},
	{"one above a chunk of columns", InnerProductDesc{N: 3, IC: 16, OC: chunkCols + 1}},
	{"one above a piece of the batch", InnerProductDesc{N: pieceOfK + 1, IC: 31, OC: 9, Bias: true}},
	{"one above a piece of the channels", InnerProductDesc{N: 10, IC: 97, OC: pieceOfK + 1}},
	{"one above a chunk of the gradient", InnerProductDesc{N: 2, IC: chunkOfB + 1, OC: 35}},
	{"barely packed", InnerProductDesc{N: leastPacked, IC: leastPacked, OC: leastPacked, Bias: true}},
	{"packed, a channel more than a piece", InnerProductDesc{N: 131, IC: pieceOfPanel + 1, OC: 150, Bias: true}},
	{"packed, a sample more than a piece", InnerProductDesc{N: pieceOfPanel + 1, IC: 129, OC: 137, Bias: true}},
	{"packed, rows a multiple of 4 KiB apart", InnerProductDesc{N: leastPacked, IC: aliasFloats, OC: leastPacked}},
	{"gradient packed, a block of columns", InnerProductDesc{N: 50, IC: Block, OC: 2 * Block, Bias: true}},
	{"packed, a block of outputs", InnerProductDesc{N: leastPacked, IC: Block, OC: Block, Bias: true}},
	{"packed, more than a part", InnerProductDesc{N: 260, IC: 133, OC: 450, Bias: true}},
	{"square", InnerProductDesc{N: 64, IC: 64, OC: 64}},
}

func TestInnerProduct(t *testing.T) {
	for _, tc := range innerProductCases {
		t.Run(tc.name, func(t *testing.T) { testLayer(t, tc.desc.layer()) })
	}
}
