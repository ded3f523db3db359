package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/hdf5"
	"github.com/cascade-hpc/cascade/data/source"
)

// run runs the program and returns what it prints.
func run(t testing.TB, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := program.Run(t.Context(), &out, args)
	return out.String(), err
}

func mustRun(t testing.TB, args ...string) string {
	t.Helper()
	out, err := run(t, args...)
	require.NoError(t, err)
	return out
}

func needHDF5(t testing.TB) {
	t.Helper()
	_, err := hdf5.Open("../hdf5/testdata/layouts.h5")
	if err != nil {
		t.Skip(err)
	}
}

// testdata are files of data/hdf5, made by h5py.
func testdata(name string) string { return filepath.Join("..", "hdf5", "testdata", name) }

// events has numbers and strings; no two rows are alike.
var events = []source.Field{
	{Name: "ECAL", Shape: []int{2, 3}},
	{Name: "energy", Kind: source.Float64},
	{Name: "label", Kind: source.Uint8, Shape: []int{2}},
	{Name: "jpeg", Kind: source.Bytes},
}

func eventRows(first, rows int) *source.Columns {
	c := new(source.Columns)
	c.Reset(events, rows)
	for r := range rows {
		n := first + r
		for i := range 6 {
			source.Float32View(c.Row(0, r))[i] = float32(n) + float32(i)/8
		}
		copy(c.Row(1, r), source.BytesOf([]float64{float64(n) / 3}))
		copy(c.Row(2, r), []byte{byte(n), byte(n / 256)})
		c.Append(3, []byte(strings.Repeat("~", n%5)))
	}
	return c
}

// writeEvents makes a file of either format.
func writeEvents(t testing.TB, path string, s storage, first, rows int) string {
	t.Helper()
	w, err := s.create(path, events)
	require.NoError(t, err)
	require.NoError(t, w.AppendColumns(eventRows(first, rows)))
	require.NoError(t, w.SetAttr("particle", "electron"))
	require.NoError(t, w.SetAttr("seed", int64(42)))
	require.NoError(t, w.SetFieldAttr("energy", "unit", "GeV"))
	require.NoError(t, w.Close())
	return path
}

// requireEvents holds that a file has the rows of writeEvents and its attributes.
func requireEvents(t testing.TB, path string, rows int) {
	t.Helper()
	src, err := data.OpenSource([]string{"ECAL", "energy", "label", "jpeg"}, path)
	require.NoError(t, err)
	defer src.Close()
	require.Equal(t, rows, src.Rows())
	want, got := eventRows(0, rows), new(source.Columns)
	require.NoError(t, src.Read(got, source.Range{To: rows}))
	for i, f := range events {
		require.True(t, f.Equal(got.Fields()[i]), "%v became %v", f, got.Fields()[i])
		for r := range rows {
			require.Equal(t, want.Row(i, r), append([]byte{}, got.Row(i, r)...), "%s, row %d", f.Name, r)
		}
	}
	f, err := inspect(path)
	require.NoError(t, err)
	assert.Equal(t, []attr{{name: "particle", value: "electron"}, {name: "seed", value: int64(42)}}, f.attrs)
	for _, s := range f.sets {
		if s.name == "energy" {
			assert.Equal(t, []attr{{name: "unit", value: "GeV"}}, s.attrs)
		}
	}
}

func listDir(t testing.TB, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	names := []string{}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
