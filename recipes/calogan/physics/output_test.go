package physics

import (
	"bytes"
	"encoding/json"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOutputs(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(ecal []float32, energy float32)
	}{
		{"another sample", func([]float32, float32) {}},
		{"empty showers, which have no logarithm", func(ecal []float32, _ float32) { clear(ecal) }},
		{"a thousand times too much, off every axis", func(ecal []float32, _ float32) {
			for i := range ecal {
				ecal[i] *= 1000
			}
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel() // drawing takes long under the race detector
			r := compare(t, tc.change)
			dir := filepath.Join(t.TempDir(), "made", "as needed")
			require.NoError(t, r.Plot(dir))
			files, err := os.ReadDir(dir)
			require.NoError(t, err)
			assert.Len(t, files, 7)
			for _, f := range files {
				checkPNG(t, filepath.Join(dir, f.Name()))
			}

			path := filepath.Join(dir, "report.json")
			require.NoError(t, r.WriteJSON(path))
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			var back Report
			require.NoError(t, json.Unmarshal(text, &back))
			assert.Equal(t, r.Merit, back.Merit)
			assert.Equal(t, r.Figures, back.Figures)
			assert.Equal(t, r.Criteria, back.Criteria)

			var table bytes.Buffer
			require.NoError(t, r.Table(&table))
			assert.Less(t, strings.Count(table.String(), "\n"), 50)
			assert.NotContains(t, table.String(), "NaN")
			for _, want := range []string{"600 showers", "P + M + F", "longitudinal profile", "visible energy at 400 GeV"} {
				assert.Contains(t, table.String(), want)
			}
		})
	}
}

func checkPNG(t *testing.T, path string) {
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	img, err := png.Decode(f)
	require.NoError(t, err)
	assert.Greater(t, img.Bounds().Dx(), 200)
}

// Two showers leave most of the figures without an error, and the plots with a
// point.
func TestOutputsOfTwoShowers(t *testing.T) {
	t.Parallel()
	c := NewCollector("data")
	require.NoError(t, c.Add(append(fill(cell{1, 2, 3, 1}), fill()...), []float32{100, 100}))
	r, err := Compare(c, c)
	require.NoError(t, err)
	require.NoError(t, r.Plot(t.TempDir()))
	require.NoError(t, r.WriteJSON(filepath.Join(t.TempDir(), "r.json")))
	var table bytes.Buffer
	require.NoError(t, r.Table(&table))
	assert.NotContains(t, table.String(), "NaN")
}

func TestOutputErrorsNameTheFile(t *testing.T) {
	c := NewCollector("data")
	require.NoError(t, c.Add(fill(cell{1, 2, 3, 1}), []float32{100}))
	r, err := Compare(c, c)
	require.NoError(t, err)
	dir := t.TempDir()
	blocked := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(blocked, nil, 0o600))
	require.ErrorContains(t, r.Plot(blocked), blocked)
	require.ErrorContains(t, r.WriteJSON(filepath.Join(blocked, "r.json")), blocked)
	require.ErrorContains(t, r.Table(failing{}), "no space")
}

type failing struct{}

func (failing) Write([]byte) (int, error) {
	return 0, os.NewSyscallError("write: no space", os.ErrInvalid)
}
