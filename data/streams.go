package data

import "github.com/cascade-hpc/cascade/internal/philox"

// The streams of a seed that a pipeline draws from, tagged so that no other use
// of the seed meets them.
const (
	orderStream = 0x6461_7461 << 32 // "data", with the epoch
	splitStream = 0x6461_7370 << 32 // "dasp", at the row
	rowStream   = 0x646d << 48      // "dm", with the transform and the row, at the epoch
)

// orderOf is where the order of an epoch's blocks comes from.
func orderOf(seed uint64, epoch int) philox.Stream {
	return philox.NewStream(seed, orderStream|uint64(uint32(epoch)))
}

// laneOf is where the order of the rows of a lane comes from. Blocks of the epoch
// draw from the first 2^32 counters.
func laneOf(seed uint64, epoch, window, lane int) philox.Stream {
	s := orderOf(seed, epoch)
	return s.At(uint64(window*mostLanes+lane+1) << 32)
}

// drawsOf is what a transform draws from for a row.
func drawsOf(seed uint64, epoch, transform, row int) philox.Stream {
	s := philox.NewStream(seed, rowStream|uint64(transform)<<40|uint64(row))
	return s.At(uint64(epoch) << 32)
}

// permute puts x in an order that is any with the same probability
// (Fisher-Yates; Knuth, TAOCP vol. 2, algorithm 3.4.2P).
func permute[T any](x []T, s philox.Stream) {
	for i := len(x) - 1; i > 0; i-- {
		j := s.Intn(i + 1)
		x[i], x[j] = x[j], x[i]
	}
}
