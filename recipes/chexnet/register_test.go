package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/hdf5"
	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/recipes/chexnet/nih"
)

func TestCutsLieBetweenPatients(t *testing.T) {
	tests := []struct {
		name     string
		patients []int64
		share    float64
		want     int
		says     string
	}{
		{"between two", []int64{1, 1, 2, 2}, 0.5, 2, ""},
		{"behind the patient who is cut", []int64{1, 2, 2, 2, 3}, 0.5, 4, ""},
		{"of one image each", []int64{4, 3, 2, 1}, 0.25, 3, ""},
		{"nearly all", []int64{1, 1, 2, 3}, 0.99, 2, ""},
		{"a last patient who is larger than the share", []int64{1, 2, 2, 2, 2}, 0.5, 0, "no patient in the last 2 of 5 images"},
		{"one patient", []int64{1, 1, 1}, 0.5, 0, "no patient"},
		{"a patient in two places", []int64{1, 2, 1, 3}, 0.5, 0, "patient 1 has rows 0 and 2 and others have those between"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := register{patients: test.patients}
			at, err := r.cut(test.share)
			if test.says != "" {
				require.ErrorIs(t, err, source.ErrRange)
				assert.ErrorContains(t, err, test.says)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, test.want, at)
		})
	}
}

// TestNoPatientIsOnBothSides looks at a file of convert.
func TestNoPatientIsOnBothSides(t *testing.T) {
	path := filepath.Join(converted(t, made(t, 80, 32), 32), trainValFile)
	r, err := readRegister(t.Context(), path)
	require.NoError(t, err)
	for _, share := range []float64{0.05, 0.1, 0.3, 0.5} {
		at, err := r.cut(share)
		require.NoError(t, err)
		left := map[int64]bool{}
		for _, p := range r.patients[:at] {
			left[p] = true
		}
		for _, p := range r.patients[at:] {
			assert.False(t, left[p], "patient %d", p)
		}
		assert.InDelta(t, share, float64(len(r.patients)-at)/float64(len(r.patients)), 0.03)
		assert.Equal(t, r.people(), r.part(0, at).people()+r.part(at, len(r.patients)).people())
	}
}

// written is a file of two rows.
func written(t *testing.T, labels []uint8, width int, patients []int64) string {
	path := filepath.Join(t.TempDir(), "images.h5")
	fields := []source.Field{
		{Name: nih.ImageField, Shape: []int{1, 8, 8}, Kind: source.Uint8},
		{Name: nih.LabelsField, Shape: []int{width}, Kind: source.Uint8},
		{Name: nih.PatientField, Shape: []int{len(patients) / 2}, Kind: source.Int64},
	}
	var rows source.Columns
	rows.Reset(fields, 2)
	copy(rows.All(1), labels)
	copy(rows.All(2), source.BytesOf(patients))
	w, err := hdf5.Create(path, fields...)
	require.NoError(t, err)
	require.NoError(t, w.AppendColumns(&rows))
	require.NoError(t, w.Close())
	return path
}

func TestFilesOfAnotherLayoutAreRefused(t *testing.T) {
	converted(t, made(t, 4, 32), 32) // or skip
	two := make([]uint8, 2*nih.Count)
	two[nih.Count+2] = 2
	_, err := readRegister(t.Context(), written(t, two, nih.Count, []int64{1, 2}))
	require.ErrorIs(t, err, source.ErrRange)
	assert.ErrorContains(t, err, `images.h5: out of range: data set "labels", row 1: Effusion is 2`)

	_, err = openImages(written(t, make([]uint8, 10), 5, []int64{1, 2}))
	require.ErrorIs(t, err, source.ErrShape)
	assert.ErrorContains(t, err, `a row of "labels" is (5,)`)

	_, err = openImages(written(t, make([]uint8, 2*nih.Count), nih.Count, []int64{1, 2, 3, 4}))
	require.ErrorIs(t, err, source.ErrShape)
	assert.ErrorContains(t, err, `a row of "patient" is (2,)`)
}
