package record_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/dist/bench/internal/record"
	"github.com/cascade-hpc/cascade/dist/bench/internal/workload"
)

func measure(t *testing.T, name string, batch int) *record.Step {
	t.Helper()
	step, err := workload.New(name, batch)
	require.NoError(t, err)
	defer step.Close()
	m, err := record.Measure(step, 3)
	require.NoError(t, err)
	return m
}

func Example() {
	step, err := workload.New("resnet20", 4)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer step.Close()
	measured, err := record.Measure(step, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	first := measured.Runs[0].Finals[0]
	fmt.Println(len(measured.Runs), first.At < measured.Runs[0].Length)
	// Output: 1 true
}

// TestAStepReducesAllThatItTrains: gradients, and statistics, each once.
func TestAStepReducesAllThatItTrains(t *testing.T) {
	m := measure(t, "resnet20", 2)
	gradients, statistics := 0, 0
	for _, f := range m.Runs[0].Finals {
		if f.Exact {
			statistics += f.Bytes
		} else {
			gradients += f.Bytes
		}
	}
	assert.Equal(t, 4*269_722, gradients)
	assert.Equal(t, 4*2*(16*7+32*6+64*6), statistics, "means and variances of 19 normalisations")
	assert.Equal(t, gradients+statistics, m.Bytes())
	assert.Positive(t, m.Memory.Add)
	assert.Len(t, m.Runs[0].Ratios, 3)
}

// TestGradientsAreFinalOneAfterTheOther, those of the last layer first, and all within the
// run.
func TestGradientsAreFinalOneAfterTheOther(t *testing.T) {
	r := measure(t, "resnet20", 8).Runs[0]
	var gradients []record.Final
	for _, f := range r.Finals {
		if !f.Exact {
			gradients = append(gradients, f)
		}
	}
	first, last := gradients[0], gradients[len(gradients)-1]
	assert.Contains(t, first.Path, "logits")
	assert.Equal(t, "conv_1/weights", last.Path)
	assert.Positive(t, first.At, "the forward pass is ahead of it")
	assert.Less(t, first.At, last.At)
	assert.LessOrEqual(t, last.At, r.Length)
}

func TestAGANHasARunForEachProgram(t *testing.T) {
	m := measure(t, "3dgan", 1)
	require.Len(t, m.Runs, 5)
	assert.Empty(t, m.Runs[0].Finals, "fakes are only made")
	assert.Equal(t, m.Runs[1].Finals[0].Path, m.Runs[2].Finals[0].Path, "the discriminator learns twice")
	assert.Equal(t, m.Runs[3].Finals[0].Path, m.Runs[4].Finals[0].Path, "and the generator")
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	m := measure(t, "resnet20", 1)
	path := filepath.Join(t.TempDir(), "step.json")
	require.NoError(t, m.Write(path))
	got, err := record.Read(path)
	require.NoError(t, err)
	assert.Equal(t, m, got)
	assert.InDelta(t, m.Runs[0].Length+m.Runs[0].Update, got.Seconds(), 1e-12)
}

func TestReadRefusesWhatNobodyMeasured(t *testing.T) {
	run := func(finals string) string {
		return `{"Batch":1,"Runs":[{"Name":"x","Length":1,"Ratios":[1],"Finals":[` + finals + `]}]}`
	}
	for name, test := range map[string]struct{ text, want string }{
		"no JSON":            {"resnet", "invalid character"},
		"nothing":            {"{}", "0 runs of a batch of 0"},
		"no time":            {`{"Batch":1,"Runs":[{"Name":"x","Ratios":[1]}]}`, `run "x" takes 0 s`},
		"never measured":     {`{"Batch":1,"Runs":[{"Name":"x","Length":1}]}`, "in 0 repeats"},
		"after the end":      {run(`{"Path":"w","Bytes":4,"At":2}`), "w: 4 bytes final at 2 s"},
		"out of order":       {run(`{"Path":"v","Bytes":4,"At":0.5},{"Path":"w","Bytes":4,"At":0.4}`), "between 0.5 and 1 s"},
		"nothing to be sent": {run(`{"Path":"w","At":0.5}`), "w: 0 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "step.json")
			require.NoError(t, os.WriteFile(path, []byte(test.text), 0o600))
			_, err := record.Read(path)
			require.ErrorIs(t, err, record.ErrFormat)
			assert.ErrorContains(t, err, test.want)
			assert.ErrorContains(t, err, path)
		})
	}
	_, err := record.Read(filepath.Join(t.TempDir(), "none.json"))
	assert.ErrorIs(t, err, os.ErrNotExist)
}

func TestMeasureWantsAtLeastOneStep(t *testing.T) {
	_, err := record.Measure(&workload.Step{}, 0)
	assert.ErrorContains(t, err, "0 repeats")
}

func TestMedian(t *testing.T) {
	assert.InDelta(t, 2, record.Median([]float64{3, 1, 2}), 0)
	assert.InDelta(t, 2.5, record.Median([]float64{4, 1, 3, 2}), 0)
	assert.False(t, math.IsNaN(record.Median([]float64{1})))
}
