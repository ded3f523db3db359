package data

import "github.com/cascade-hpc/cascade/internal/philox"

// The streams of a seed that shuffling draws from: one for each epoch, tagged so
// that no other use of the seed meets them.
const shuffleStream = 0x6461_7461 << 32 // "data"

// Shuffle returns the order in which epoch visits n rows: a permutation of
// 0 … n-1 that depends on the arguments alone, so it can be had again at any
// time, on any machine.
//
// block is the number of neighbouring rows that stay together. With 1 (or less)
// every order is equally likely. A larger block permutes the blocks
// [0, block), [block, 2·block) … and keeps the rows inside in order: one read
// then serves a block, which pays where the file is compressed or checksummed
// in chunks. The last block may be shorter.
func Shuffle(seed uint64, epoch, n, block int) []int {
	stream := philox.NewStream(seed, shuffleStream+uint64(uint32(epoch)))
	if block <= 1 {
		return stream.Perm(n)
	}
	order := make([]int, 0, max(n, 0))
	for _, b := range stream.Perm(blocks(n, block)) {
		for row := b * block; row < min((b+1)*block, n); row++ {
			order = append(order, row)
		}
	}
	return order
}

// blocks is n/block, rounded up without overflow.
func blocks(n, block int) int {
	if n < 1 {
		return 0
	}
	return (n-1)/block + 1
}
