package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/hdf5"
	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/internal/cli"
)

// shapes tells what a file holds.
func shapes(t testing.TB, path string) map[string]string {
	t.Helper()
	f, err := inspect(path)
	require.NoError(t, err)
	out := map[string]string{}
	for _, s := range f.sets {
		out[s.name] = s.typeName + " " + source.Tuple(s.shape)
	}
	return out
}

func TestConvertFromTheFormatsOfTheField(t *testing.T) {
	dir := t.TempDir()
	file := func(name string, b []byte) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, b, 0o644))
		return path
	}
	cifar := file("data_batch_1.bin", make([]byte, 3*(1+3*32*32)))
	images := file("images", append([]byte{0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2}, 1, 2, 3, 4, 5, 6, 7, 8))
	labels := file("labels", []byte{0, 0, 8, 1, 0, 0, 0, 2, 7, 9})
	records := filepath.Join("..", "tfrecord", "testdata", "packed.tfrecord")
	out := filepath.Join(dir, "out.shard")
	for _, tc := range []struct {
		from string
		args []string
		want map[string]string
	}{
		{"cifar10", []string{cifar}, map[string]string{"image": "uint8 (3, 3, 32, 32)", "label": "uint8 (3,)"}},
		{"mnist", []string{images, labels}, map[string]string{"image": "uint8 (2, 1, 2, 2)", "label": "uint8 (2,)"}},
		{"tfrecord", []string{records}, map[string]string{"image": "bytes (5,)", "label": "int64 (5,)", "name": "bytes (5,)", "point": "float32 (5, 3)"}},
		{"tfrecord", []string{"--fields", "image:uint8:2x3,label:int64", records}, map[string]string{"image": "uint8 (5, 2, 3)", "label": "int64 (5,)"}},
	} {
		t.Run(tc.from, func(t *testing.T) {
			mustRun(t, append(append([]string{"convert", "--from", tc.from}, tc.args...), out)...)
			assert.Equal(t, tc.want, shapes(t, out))
		})
	}
}

func TestConvertFromCalorimeters(t *testing.T) {
	needHDF5(t)
	dir := t.TempDir()
	out := filepath.Join(dir, "out.shard")

	showers := filepath.Join(dir, "Ele_1.h5")
	w, err := hdf5.Create(showers, source.Field{Name: "ECAL", Shape: []int{3, 3, 3}}, source.Field{Name: "target", Shape: []int{2}})
	require.NoError(t, err)
	require.NoError(t, w.Append("ECAL", make([]float32, 4*27)))
	require.NoError(t, w.Append("target", make([]float32, 4*2)))
	require.NoError(t, w.Close())
	mustRun(t, "convert", "--from", "lcd-fixed", showers, out)
	assert.Equal(t, map[string]string{"shower": "float32 (4, 1, 3, 3, 3)", "energy": "float32 (4,)", "sum": "float32 (4,)"}, shapes(t, out))

	challenge := filepath.Join(dir, "dataset_2_1.hdf5")
	w, err = hdf5.Create(challenge, source.Field{Name: "showers", Shape: []int{12}}, source.Field{Name: "incident_energies", Shape: []int{1}})
	require.NoError(t, err)
	require.NoError(t, w.Append("showers", make([]float32, 5*12)))
	require.NoError(t, w.Append("incident_energies", make([]float32, 5)))
	require.NoError(t, w.Close())
	binning := filepath.Join(dir, "binning.xml")
	require.NoError(t, os.WriteFile(binning, []byte(`<Bins><Bin name="electron">
		<Layer id="0" r_edges="0,1,2,3" n_bin_alpha="2"/><Layer id="1" r_edges="0,1,2,3" n_bin_alpha="2"/>
	</Bin></Bins>`), 0o644))
	mustRun(t, "convert", "--from", "calochallenge", "--binning", binning, challenge, out)
	assert.Equal(t, map[string]string{"showers": "float32 (5, 1, 2, 2, 3)", "incident_energies": "float32 (5,)"}, shapes(t, out))
}

func TestMistakesInTheFormat(t *testing.T) {
	from := writeEvents(t, filepath.Join(t.TempDir(), "a.shard"), storage{}, 0, 5)
	to := from + ".shard"
	for says, args := range map[string][]string{
		"the formats are\n  mnist":              {"--from", "root"},
		"takes the file of the images and":      {"--from", "mnist"},
		"needs --binning":                       {"--from", "calochallenge"},
		"--fields is of HDF5, shards and tf":    {"--from", "cifar10", "--fields", "image"},
		"flag needs an argument: -chunk-rows":   {"--chunk-rows"},
		`"label" is not like image:uint8:28`:    {"--from", "tfrecord", "--fields", "label"},
		`"a:int8:2*3": the shape is not like`:   {"--from", "tfrecord", "--fields", "a:int8:2*3"},
		`unsupported element type "byte"`:       {"--from", "tfrecord", "--fields", "a:byte:2"},
		`invalid value "many" for flag -zstd: `: {"--zstd", "many"},
	} {
		_, err := run(t, append([]string{"convert", from, to}, args...)...)
		require.ErrorIs(t, err, cli.ErrUsage)
		assert.ErrorContains(t, err, says)
		assert.NoFileExists(t, to)
	}
}
