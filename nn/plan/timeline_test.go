package plan

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn/schedule"
)

// A run that is killed anywhere and resolves its plan anew finds the same point.
func TestATimelineIsAFunctionOfTheStepAlone(t *testing.T) {
	plan := func() Plan { return CollapsedEnsemble{LR: 1.02}.Plan().Stretch(Epochs(40)) }
	line := resolve(t, plan(), 117)
	points := make([]Point, line.Steps())
	for step := range points {
		p, err := line.At(uint64(step))
		require.NoError(t, err)
		points[step] = p
	}
	other := resolve(t, plan(), 117)
	for _, step := range rand.New(rand.NewPCG(1, 1)).Perm(len(points)) {
		p, err := other.At(uint64(step))
		require.NoError(t, err)
		require.Equal(t, points[step], p)
	}
}

func TestAtAllocatesNothing(t *testing.T) {
	line := resolve(t, RecipeB(), 313)
	step := uint64(0)
	sum := 0.0
	assert.Zero(t, testing.AllocsPerRun(1000, func() {
		p, _ := line.At(step)
		sum += p.LR
		step += 17
	}))
	assert.Positive(t, sum)
}

func TestAtRefusesAStepBehindTheLast(t *testing.T) {
	line := resolve(t, RecipeA(), 89)
	_, err := line.At(8039)
	require.NoError(t, err)
	_, err = line.At(8040)
	require.ErrorIs(t, err, ErrPastEnd)
	require.EqualError(t, err, `plan "resnet50_448nodes": step 8040 is past the end: there are 8040`)
}

func TestTheZeroTimelineHasNoSteps(t *testing.T) {
	_, err := new(Timeline).At(0)
	require.ErrorIs(t, err, ErrPastEnd)
}

func TestSegmentsAreACopy(t *testing.T) {
	line := resolve(t, RecipeA(), 89)
	line.Segments()[0].Length = 1
	assert.Equal(t, uint64(7638), line.Segments()[0].Length)
	assert.Equal(t, "resnet50_448nodes", line.Name())
	assert.Equal(t, uint64(89), line.StepsPerEpoch())
}

func TestTableTellsMomentumAveragesAndMembers(t *testing.T) {
	rate := schedule.OneCycle{Max: 1}
	var out bytes.Buffer
	require.NoError(t, resolve(t, Plan{Name: "p", Phases: []Phase{
		{Name: "1", Length: Steps(200), LR: rate, Momentum: rate.Momentum(0.85, 0.95), Snapshot: true},
		{Name: "2", Length: Steps(200), LR: schedule.Constant(0.1), Average: Epochs(1), Start: Initial},
	}}, 100).Table(&out))
	assert.Contains(t, out.String(), "0.85-0.95")
	assert.Contains(t, out.String(), "member\n")
	assert.Regexp(t, `initial +average of every 100 steps\n$`, out.String())
}

var errFull = errors.New("no space")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestTableSaysWhyItCouldNotBeWritten(t *testing.T) {
	assert.ErrorIs(t, resolve(t, RecipeA(), 89).Table(full{}), errFull)
}

// A branch begins at the age of the weights that it starts from, and so does the phase
// behind it.
func TestPlotBranchesWhereTheWeightsComeFrom(t *testing.T) {
	line := resolve(t, CollapsedEnsemble{LR: 1, Cycles: 2}.Plan(), 100)
	lines := line.chart().Lines
	require.Len(t, lines, 4)
	first, collapse, second := lines[0].XY, lines[1].XY, lines[2].XY
	end := first[len(first)-1]
	assert.InDelta(t, 17, end.X, 1e-9)
	assert.Equal(t, end, collapse[0])
	assert.Equal(t, end, second[0])
	assert.InDelta(t, 22, collapse[len(collapse)-1].X, 1e-9)
	assert.InDelta(t, 32, second[len(second)-1].X, 1e-9)

	path := filepath.Join(t.TempDir(), "plan.png")
	require.NoError(t, line.Plot(path))
	assert.FileExists(t, path)
	require.Error(t, line.Plot(filepath.Join(path, "no-directory.png")))
}
