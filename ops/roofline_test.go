package ops

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// peaks are the most floating-point operations a second that one core can do, for each
// instruction set that has been asked for.
var peaks = map[ISA]float64{}

// peakRate is that of the current instruction set, or 0 where there is no kernel to
// tell.
func peakRate() float64 {
	isa := CurrentISA()
	if _, ok := peaks[isa]; !ok {
		peaks[isa] = PeakFLOPs(checkPools()[0])
	}
	return peaks[isa]
}

func TestRoofline(t *testing.T) {
	r, err := checkPools()[1].Roofline()
	require.NoError(t, err)
	again, err := checkPools()[1].Roofline()
	require.NoError(t, err)
	assert.Equal(t, r, again, "it is measured once")
	assert.Equal(t, CurrentISA() != Generic, r.FLOPs > 1e9, "%g FLOP/s", r.FLOPs)
	assert.Greater(t, r.Bandwidth, 1e8)
}

func TestRooflineSeconds(t *testing.T) {
	r := Roofline{FLOPs: 100, Bandwidth: 10}
	assert.InDelta(t, 2, r.Seconds(200, 10), 1e-9, "arithmetic decides")
	assert.InDelta(t, 5, r.Seconds(200, 50), 1e-9, "memory decides")
	assert.Zero(t, Roofline{Bandwidth: 10}.Seconds(1, 1), "nobody knows")
}
