package main

import (
	"bytes"
	"encoding/json"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/recipes/chexnet/nih"
	"github.com/cascade-hpc/cascade/recipes/chexnet/roc"
)

// some is predictions for six images of four patients. Nobody has a hernia, all have an
// edema, masses are in images of one patient only, and effusions are seen for certain.
func some() *predictions {
	p := &predictions{register: register{patients: []int64{1, 1, 2, 2, 3, 4}, labels: make([]nih.Labels, 6)}}
	for i := range p.scores {
		p.scores[i] = []float64{0.9, 0.4, 0.6, 0.7, 0.1, 0.2}
		for row := range p.labels {
			p.labels[row][i] = []uint8{1, 0, 1, 0, 1, 0}[row]
		}
	}
	for row := range p.labels {
		p.labels[row][13] = 0
		p.labels[row][9] = 1
		p.labels[row][4] = []uint8{1, 1, 0, 0, 0, 0}[row]
		p.labels[row][2] = []uint8{1, 0, 1, 1, 0, 0}[row]
	}
	return p
}

func TestReportSaysWhatIsNotKnown(t *testing.T) {
	a, err := architectureNamed("small")
	require.NoError(t, err)
	r, err := newReport(evaluation{data: "test.h5", model: "m"}, a, some())
	require.NoError(t, err)
	assert.Equal(t, 12, r.Of)
	assert.Equal(t, 4, r.Patients)
	// Of 3·3 pairs 0.9 wins all, 0.6 two and 0.1 none; masses win 4 + 2 of 8; ten findings
	// are like the first, and effusions win all.
	assert.InDelta(t, (10*5./9+6./8+1)/12, r.Mean, 1e-12)

	var text bytes.Buffer
	require.NoError(t, r.table(&text))
	for _, says := range []string{
		"small on 6 images of 4 patients in test.h5",
		"Hernia                     0      -               -    0.916",
		"Edema                      6      -               -    0.888",
		"Mass                       2  0.750               -    0.868",
		"Effusion                   3  1.000               -    0.864",
		"Pleural Thickening         3  0.556",
		"The mean is that of 12 findings",
		"mean                          0.609                    0.841",
	} {
		assert.Contains(t, text.String(), says)
	}

	path := filepath.Join(t.TempDir(), reportFile)
	require.NoError(t, r.writeJSON(path))
	written, err := os.ReadFile(path)
	require.NoError(t, err)
	var back report
	require.NoError(t, json.Unmarshal(written, &back))
	assert.Equal(t, r.Findings, back.Findings)
	assert.Nil(t, back.Findings[13].AUROC)
	assert.Nil(t, back.Findings[4].Low)
	assert.Equal(t, 2, back.Findings[4].Positives)
	assert.Equal(t, 4, back.Findings[4].Negatives)
}

func TestReportOfNothingIsAnError(t *testing.T) {
	p := some()
	clear(p.labels)
	_, err := newReport(evaluation{data: "test.h5"}, architecture{}, p)
	require.ErrorIs(t, err, roc.ErrOneKind)
	assert.ErrorContains(t, err, "test.h5")
}

func TestEvaluateWritesTableReportAndPlots(t *testing.T) {
	h5, out := converted(t, made(t, 40, 32), 32), t.TempDir()
	x := short(filepath.Join(h5, trainValFile), out)
	x.epochs = 1
	require.NoError(t, x.run(t.Context()))
	var text bytes.Buffer
	require.NoError(t, runEvaluate(t.Context(), &text, []string{
		"--data", filepath.Join(h5, testFile), "--model", x.file(modelFile),
	}))
	assert.Contains(t, text.String(), "95% interval")
	assert.FileExists(t, filepath.Join(out, reportFile))
	for _, name := range []string{"roc_1.png", "roc_2.png"} {
		f, err := os.Open(filepath.Join(out, name))
		require.NoError(t, err)
		_, err = png.Decode(f)
		assert.NoError(t, err)
		require.NoError(t, f.Close())
	}
	err := runEvaluate(t.Context(), io.Discard, []string{"--data", filepath.Join(h5, testFile), "--model", "nothing", "--out", out})
	assert.ErrorContains(t, err, "nothing")
}

func TestPublishedMeanIsThatOfThePaper(t *testing.T) {
	sum := 0.
	for _, x := range published {
		sum += x
	}
	assert.InDelta(t, 0.841, sum/nih.Count, 0.0005)
}
