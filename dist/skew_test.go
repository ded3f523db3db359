package dist

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSkewFindsTheRankThatIsLate(t *testing.T) {
	require.NoError(t, Run(3, func(c *Comm) error {
		r, err := AllreduceInit(c, make([]float32, 100), Sum)
		if err != nil {
			return err
		}
		for range 5 {
			if c.Rank() == 1 {
				time.Sleep(20 * time.Millisecond)
			}
			r.Start()
			if err := r.Wait(); err != nil {
				return err
			}
		}
		times, err := c.Skew()
		if err != nil {
			return err
		}
		assert.Len(t, times, 3)
		for _, other := range []int{0, 2} {
			assert.Greater(t, times[other], times[1]+60*time.Millisecond, "%v: 100 ms are waited", times)
		}
		return nil
	}))
}
