package nih_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/recipes/chexnet/nih"
)

func TestSourceGivesFilesLabelsAndPatients(t *testing.T) {
	d, err := nih.Open(published().make(t), nih.Options{})
	require.NoError(t, err)
	l, err := data.From(nih.NewSource(d.TrainVal)).Raw(nih.ImageField, nih.LabelsField, nih.NameField).Ints(nih.PatientField).
		Batch(3, data.Drop).Loader()
	require.NoError(t, err)
	defer l.Close()
	b, err := l.Next(t.Context())
	require.NoError(t, err)
	files := map[string]string{"00000001_000.png": "a", "00000001_001.png": "bc", "00000002_000.png": "def"}
	for i, e := range d.TrainVal {
		assert.Equal(t, e.Image, string(b.Bytes(nih.NameField, i)))
		assert.Equal(t, files[e.Image], string(b.Bytes(nih.ImageField, i)))
		assert.Equal(t, e.Patient, b.Int64(nih.PatientField)[i])
		assert.Equal(t, e.Labels[:], b.Uint8(nih.LabelsField)[i*nih.Count:(i+1)*nih.Count])
	}
}

func TestSourceNamesTheImageThatIsGone(t *testing.T) {
	d, err := nih.Open(published().make(t), nih.Options{})
	require.NoError(t, err)
	require.NoError(t, os.Remove(d.Test[0].Path))
	s := nih.NewSource(d.Test)
	var c source.Columns
	assert.ErrorContains(t, s.Read(&c, source.Range{To: 1}), d.Test[0].Path)
	assert.ErrorIs(t, s.Read(&c, source.Range{To: 2}), source.ErrRange)
	assert.Contains(t, s.Locate(nih.ImageField, 0), d.Test[0].Path)
}

func TestLabelsAreReadAsTheyAreWritten(t *testing.T) {
	for _, text := range []string{nih.NoFinding, "Hernia", "Atelectasis|Mass|Pleural_Thickening"} {
		l, err := nih.ParseLabels(text)
		require.NoError(t, err)
		assert.Equal(t, text, l.String())
	}
}
