package main

import (
	"encoding/json"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/dist/bench/internal/record"
	"github.com/cascade-hpc/cascade/dist/bench/internal/replay"
	"github.com/cascade-hpc/cascade/internal/atomicfile"
	"github.com/cascade-hpc/cascade/internal/cli"
)

func simGrid(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("smpirun"); err != nil {
		t.Skip("smpirun of SimGrid is not installed: scripts/install-simgrid")
	}
}

// outcomes reads the JSON of bench scale.
func outcomes(t *testing.T, file string) (list []outcome) {
	t.Helper()
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, &list))
	return list
}

func TestScalePlaysEveryVariant(t *testing.T) {
	simGrid(t)
	step := filepath.Join("testdata", "3dgan.json")
	file, picture := filepath.Join(t.TempDir(), "scale.json"), filepath.Join(t.TempDir(), "scale.png")
	out, err := bench(t, "scale", "--step", step, "--nodes", "2,4", "--rate", "1000", "--most", "3000", "--out", file, "--picture", picture)
	require.NoError(t, err)
	assert.Contains(t, out, "simulated: 3dgan, 16 samples on a node, 1000.0 samples/s alone, step 16.0 ms; 2 ranks on a node")
	assert.Regexp(t, `\d+ messages`, out, "jitter takes more than 3,000")

	list := outcomes(t, file)
	require.Len(t, list, 2*len(variants))
	for _, o := range list {
		assert.Equal(t, o.Variant == "with this machine's jitter", o.Skipped, o.Variant)
		if o.Skipped {
			continue
		}
		assert.Greater(t, o.Efficiency, 0.8, o.Variant)
		assert.Less(t, o.Efficiency, 0.9, o.Variant)
		assert.InEpsilon(t, 0.016/o.Step, o.Efficiency, 1e-3, o.Variant)
	}
	assert.Greater(t, list[0].Efficiency, list[3].Efficiency, "overlap is worth something")
	f, err := os.Open(picture)
	require.NoError(t, err)
	defer f.Close()
	_, err = png.Decode(f)
	assert.NoError(t, err)
}

// TestTheStepsOfTheDocumentationScaleAsItSays, as far as that takes no minutes.
func TestTheStepsOfTheDocumentationScaleAsItSays(t *testing.T) {
	simGrid(t)
	for name, test := range map[string]struct {
		rate string
		want []float64 // on 2 and 8 nodes
	}{
		"resnet50": {"50.4", []float64{0.9999, 0.9998}},
		"3dgan":    {"167", []float64{0.9775, 0.9720}},
	} {
		file := filepath.Join(t.TempDir(), "scale.json")
		_, err := bench(t, "scale", "--step", filepath.Join("testdata", name+".json"), "--rate", test.rate, "--nodes", "2,8", "--only", "--out", file)
		require.NoError(t, err, name)
		for i, o := range outcomes(t, file) {
			assert.InDelta(t, test.want[i], o.Efficiency, 1e-4, "%s on %d nodes", name, o.Nodes)
		}
	}
}

func TestTheFirstVariantAlone(t *testing.T) {
	simGrid(t)
	step := filepath.Join("testdata", "3dgan.json")
	file := filepath.Join(t.TempDir(), "scale.json")
	_, err := bench(t, "scale", "--step", step, "--nodes", "4", "--only", "--scatter", "--out", file)
	require.NoError(t, err)
	assert.Len(t, outcomes(t, file), 1)
}

func TestScaleWritesTracesInsteadOfPlayingThem(t *testing.T) {
	step := filepath.Join("testdata", "3dgan.json")
	dir := filepath.Join(t.TempDir(), "new")
	out, err := bench(t, "scale", "--step", step, "--nodes", "2", "--traces", dir)
	require.NoError(t, err)
	assert.Contains(t, out, "smpirun -np 8 -platform "+filepath.Join(dir, "platform.xml"))
	for _, name := range []string{"hosts", "platform.xml", "traces", "actor-0", "actor-7"} {
		assert.FileExists(t, filepath.Join(dir, name))
	}
}

func TestScaleRefuses(t *testing.T) {
	step := filepath.Join("testdata", "3dgan.json")
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"no step":        {nil, "--step: a file"},
		"no nodes":       {[]string{"--step", step, "--nodes", "2,x"}, `--nodes "2,x"`},
		"negative nodes": {[]string{"--step", step, "--nodes", "-2"}, `--nodes "-2"`},
		"negative rate":  {[]string{"--step", step, "--rate", "-1"}, "--rate -1"},
		"no bandwidth":   {[]string{"--step", step, "--bandwidth", "0"}, "--bandwidth 0"},
	} {
		_, err := bench(t, append([]string{"scale"}, test.args...)...)
		require.ErrorIs(t, err, cli.ErrUsage, name)
		assert.ErrorContains(t, err, test.want, name)
	}
	_, err := bench(t, "scale", "--step", step, "--workers", "0")
	assert.ErrorContains(t, err, "of 0 workers")
	_, err = bench(t, "scale", "--step", "trace_test.go")
	assert.ErrorIs(t, err, record.ErrFormat)
}

// TestThePictureHasWhatWasPublishedAndWhatWasMeasured beside what is simulated.
func TestThePictureHasWhatWasPublishedAndWhatWasMeasured(t *testing.T) {
	file := filepath.Join(t.TempDir(), "step.json")
	require.NoError(t, atomicfile.WriteJSON(file, []scaling{
		{Net: "3dgan", Ranks: 2, Batch: 4, One: 4, Alone: []float64{98}, Together: []float64{100}},
		{Net: "3dgan", Ranks: 2, Batch: 2, One: 4, Strong: true, Alone: []float64{50}, Together: []float64{100}},
		{Net: "resnet20", Ranks: 2, Batch: 4, One: 4, Alone: []float64{90}, Together: []float64{100}},
	}))
	s := &forecast{measured: file, job: replay.Job{Step: &record.Step{Name: "3dgan"}}}
	marks, err := s.marks()
	require.NoError(t, err)
	list := []outcome{{Nodes: 2, Variant: variants[0].Name, Efficiency: 0.99}, {Nodes: 128, Variant: variants[0].Name, Efficiency: 0.97}}
	c := s.chart(list, marks)
	assert.Equal(t, []string{"1", "2", "4", "8", "16", "32", "64", "128"}, c.Ticks)
	names := map[string][2]float64{}
	for _, l := range c.Lines {
		last := l.XY[len(l.XY)-1]
		names[l.Name] = [2]float64{last.X, last.Y}
	}
	assert.Equal(t, map[string][2]float64{
		"overlap, each node first":            {7, 97},
		"published: above 94%, LNCS 11203":    {7, 94},
		"published: 93%, slides of 2018":      {7, 93},
		"measured here, ranks of one machine": {1, 98},
	}, names)

	s.job.Step = &record.Step{Name: "resnet50"}
	marks, err = s.marks()
	require.NoError(t, err)
	assert.Empty(t, marks, "that net was not measured")
	s.measured = "scale_test.go"
	_, err = s.marks()
	assert.ErrorContains(t, err, "scale_test.go is no JSON of bench step")
}
