package schedule

import (
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCheckNamesTheLawAndTheField(t *testing.T) {
	for _, c := range []struct {
		law  Law
		want string
	}{
		{nil, "Law is nil"},
		{Constant(-0.1), "Constant is -0.1: a finite number from 0 on"},
		{Step{Base: 1}, "Step.Every is 0"},
		{Step{Base: 1, Every: 5, Factor: 2}, "Step.Factor is 2: a number above 0, 1 at most"},
		{MultiStep{Base: 1, Milestones: []float64{30, 30}}, "MultiStep.Milestones[1] is 30: a finite number of steps above 30"},
		{Exponential{Base: 1}, "Exponential.Factor is 0"},
		{Poly{Base: 1}, "Poly.Horizon is 0: a finite number of steps above 0"},
		{Poly{Base: math.NaN(), Horizon: 1}, "Poly.Base is NaN"},
		{Poly{Base: ScaleLinearly(0.1, 0, 64), Horizon: 1}, "Poly.Base is +Inf"},
		{Cosine{Max: 1, Length: -3}, "Cosine.Length is -3"},
		{SGDR{Max: 1}, "SGDR.Period is 0"},
		{SGDR{Max: 1, Period: 5, Shrink: -1}, "SGDR.Shrink is -1"},
		{Snapshot{Max: 1, Length: 100}, "Snapshot.Cycles is 0: at least 1"},
		{Cyclic{High: 1, Up: 5, Mode: 7}, "Cyclic.Mode is 7: Triangular, Triangular2 or ExpRange"},
		{Cyclic{High: 1, Up: 5, Gamma: 0.9}, "Cyclic.Gamma is 0.9: without ExpRange, 0"},
		{Cyclic{High: 1, Up: 5, Mode: ExpRange}, "Cyclic.Gamma is 0"},
		{FGE{High: 1}, "FGE.Cycle is 0"},
		{OneCycle{Max: 1, Length: 3}, "OneCycle.Length is 3: more than 3.33"},
		{OneCycle{Max: 1, Length: 100, Rise: 0.5, ThreePhase: true}, "OneCycle.Rise is 0.5: a share above 0 and below 0.5"},
		{SWA{Base: 1}, "SWA.Start is 0"},
		{Warmup{Steps: -1, Then: Constant(1)}, "Warmup.Steps is -1"},
		{Warmup{Steps: 1}, "Warmup.Then is nil"},
		{Warmup{Then: Poly{Base: 1}}, "Warmup, Then: schedule: Poly.Horizon"},
		{Sequence{}, "Sequence is empty"},
		{Sequence{{Constant(1), 0}, {Constant(-1), 3}}, "Sequence[0].Length is 0"},
		{Sequence{{Constant(1), 1}, {Constant(-1), 3}}, "Sequence, [1]: schedule: Constant is -1"},
	} {
		t.Run(c.want, func(t *testing.T) {
			err := Check(c.law)
			require.ErrorContains(t, err, c.want)
			var setting *SettingError
			assert.ErrorAs(t, err, &setting)
		})
	}
}

func TestCheckFindsEveryMistake(t *testing.T) {
	err := Check(Poly{Base: -1, End: -2, Power: -3, Horizon: -4})
	assert.Len(t, strings.Split(err.Error(), "\n"), 4)
}

func TestFitFillsInOnlyWhatIsOpen(t *testing.T) {
	for _, c := range []struct{ open, want Law }{
		{Poly{Base: 1}, Poly{Base: 1, Horizon: 100}},
		{Poly{Base: 1, Horizon: 200}, Poly{Base: 1, Horizon: 200}},
		{Cosine{Max: 1}, Cosine{Max: 1, Length: 100}},
		{Snapshot{Max: 1, Cycles: 2}, Snapshot{Max: 1, Cycles: 2, Length: 100}},
		{OneCycle{Max: 1}, OneCycle{Max: 1, Length: 100}},
		{Constant(1), Constant(1)},
		{Warmup{Steps: 9.5, Then: Poly{Base: 1}}, Warmup{Steps: 9.5, Then: Poly{Base: 1, Horizon: 100}}},
		{Warmup{Steps: 9.5, Then: Poly{Base: 1}, Rebase: true}, Warmup{Steps: 9.5, Then: Poly{Base: 1, Horizon: 90}, Rebase: true}},
		{Sequence{{Poly{Base: 1}, 30}, {Cosine{Max: 1}, 0}}, Sequence{{Poly{Base: 1, Horizon: 30}, 30}, {Cosine{Max: 1, Length: 70}, 0}}},
	} {
		assert.Equal(t, c.want, Fit(c.open, 100))
	}
}

// secret is a law of somebody else, with the two methods that a law must have.
type secret struct{}

func (secret) At(step uint64) float64 { return 1 / float64(step+1) }
func (secret) String() string         { return "secret" }

func TestALawOfOnesOwnWorksButCannotBeStretched(t *testing.T) {
	law := Warmup{From: 0, Steps: 10, Then: secret{}}
	require.NoError(t, Check(law))
	assert.Equal(t, 1./11, law.At(10))
	_, err := Stretch(law, 2)
	require.ErrorContains(t, err, "secret cannot be stretched")
	_, err = Stretch(Sequence{{law, 3}}, 2)
	require.ErrorContains(t, err, "part 0: schedule: secret cannot be stretched")
	same, err := Stretch(secret{}, 1)
	require.NoError(t, err)
	assert.Equal(t, secret{}, same)
	for _, by := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		_, err = Stretch(Constant(1), by)
		assert.ErrorContains(t, err, "a finite factor above 0")
	}
}

func TestTableAndPlotRefuseWhatCheckRefuses(t *testing.T) {
	bad := Poly{Base: -1, Horizon: 5}
	require.ErrorContains(t, Table(io.Discard, []uint64{0}, Constant(1), bad), "law 2: schedule: Poly.Base is -1")
	path := filepath.Join(t.TempDir(), "law.png")
	require.ErrorContains(t, Plot(path, 10, bad), "law 1: schedule: Poly.Base is -1")
	require.ErrorContains(t, Plot(path, 0, Constant(1)), "1 laws over 0 steps")
	require.ErrorContains(t, Plot(path, 10), "0 laws over 10 steps")
	assert.NoFileExists(t, path)
	require.NoError(t, Plot(path, 1, Constant(0.1)))
	require.NoError(t, Plot(path, 100_000, Constant(0.1), Poly{Base: 1, Horizon: 100_000}))
	assert.FileExists(t, path)
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

var errFull = errors.New("no space")

func TestTableSaysWhyItCouldNotBeWritten(t *testing.T) {
	assert.ErrorIs(t, Table(full{}, []uint64{0}, Constant(1)), errFull)
}

func TestSamplesHaveTheFirstAndTheLastStep(t *testing.T) {
	for _, c := range []struct {
		steps, most uint64
		want        string
	}{
		{1, 5, "[0]"}, {5, 5, "[0 1 2 3 4]"}, {101, 5, "[0 25 50 75 100]"}, {10, 0, "[0 9]"}, {0, 5, "[]"},
	} {
		got := []uint64{}
		for at := range Samples(c.steps, c.most) {
			got = append(got, at)
		}
		assert.Equal(t, c.want, fmt.Sprint(got))
	}
}

func TestScaledMultipliesEveryValue(t *testing.T) {
	poly := Poly{Base: 1, Power: 2}
	law := Fit(Scaled{poly, 0.25}, 100)
	require.NoError(t, Check(law))
	assert.Equal(t, 0.25, law.At(0))
	assert.InDelta(t, 0.0625, law.At(50), 1e-15)
	long, err := Stretch(law, 2)
	require.NoError(t, err)
	assert.InDelta(t, 0.0625, long.At(100), 1e-15)
	assert.Equal(t, "0.25 times poly: 1 to 0 in 200, power 2", long.String())
	require.ErrorContains(t, Check(Scaled{poly, 0}), "Scaled.By is 0")
	require.ErrorContains(t, Check(Scaled{By: 1}), "Scaled.Law is nil")
}
