package train

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestHeldUpNamesTheRankThatWaitsLeast(t *testing.T) {
	const s = time.Second
	for _, test := range []struct {
		waited []time.Duration
		took   time.Duration
		says   string
	}{
		{[]time.Duration{12 * s, 14 * s, s}, 60 * s, "rank 2 holds the others up: they waited 12s of 1m0s for it; it has more to do, or a slower or busier machine"},
		{[]time.Duration{3 * s / 2, 6 * s}, 10 * s, "rank 0 holds the others up: they waited 4.5s of 10s for it; it has more to do, or a slower or busier machine"},
		{[]time.Duration{6 * s, s}, 60 * s, ""}, // a twelfth
		{[]time.Duration{s, s / 10}, 2 * s, ""}, // too short to tell
		{[]time.Duration{20 * s, 20 * s, 20 * s}, 60 * s, ""},
	} {
		assert.Equal(t, test.says, heldUp(test.waited, test.took))
	}
}
