package meter_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/recipes/internal/meter"
)

// program is of a dense layer, for batches of 4: 4·2·300·200 operations.
func program(t *testing.T, name string) *nn.Program {
	g := nn.New(name)
	net, err := g.Output("y", g.Vec("x", 300).Dense(200)).Build()
	require.NoError(t, err)
	net.Init(1)
	p, err := nn.Compile(net, nn.Batch(4))
	require.NoError(t, err)
	t.Cleanup(p.Close)
	return p
}

// A step runs one program once and the other twice, and takes 2 ms or more besides.
func TestPrintTellsOfTheStepsAfterTheFirst(t *testing.T) {
	once, twice := program(t, "once"), program(t, "twice")
	m := meter.New(4, "images", once, twice)
	step := func() {
		defer m.Step(time.Now())
		for i, p := range []*nn.Program{once, twice, twice} {
			require.NoError(t, p.Run(uint64(i)))
		}
		time.Sleep(2 * time.Millisecond)
	}
	var none, some strings.Builder
	step()
	require.NoError(t, m.Print(&none))
	assert.Equal(t, "no profile: two steps are needed\n", none.String())

	begin := time.Now()
	for range 3 {
		step()
	}
	most := time.Since(begin).Seconds()
	require.NoError(t, m.Print(&some))
	assert.Regexp(t, `(?s)profile of "once": 3 runs of batch 4 .*profile of "twice": 6 runs`, some.String())
	last := strings.Fields(some.String()[strings.LastIndex(some.String(), "3 steps of"):])
	value := func(i int) float64 {
		x, err := strconv.ParseFloat(strings.TrimRight(last[i], "%,"), 64)
		require.NoError(t, err)
		return x
	}
	assert.GreaterOrEqual(t, value(3), 2.0, "milliseconds")
	assert.LessOrEqual(t, value(3), 1e3*most/3+0.1, "milliseconds")
	assert.Less(t, value(5), 100.0, "per cent in primitives")
	assert.Equal(t, []string{"images", "a", "second,"}, last[11:14])
	assert.InEpsilon(t, 4/value(3)*1e3, value(10), 0.05, "images a second")
	assert.InDelta(t, 3*4*2*300*200/(value(3)*1e6), value(14), 0.06, "GFLOP/s")
}

func TestNoMeterTimesNothing(t *testing.T) {
	var m *meter.Meter
	assert.NotPanics(t, func() { m.Step(time.Now()) })
}

func ExampleMeter() {
	m := meter.New(128, "images") // and the programs
	step := func() error {
		defer m.Step(time.Now())
		return nil // data, programs, updates
	}
	err := step()
	fmt.Println(err, m.Print(os.Stdout))
	// Output:
	// no profile: two steps are needed
	// <nil> <nil>
}
