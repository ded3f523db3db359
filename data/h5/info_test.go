package main

import (
	"flag"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/hdf5"
	"github.com/cascade-hpc/cascade/data/source"
)

func TestInfoOfAShard(t *testing.T) {
	path := writeEvents(t, filepath.Join(t.TempDir(), "a.shard"), storage{chunkRows: 16}, 0, 50)
	out := mustRun(t, "info", path)
	for _, want := range []string{
		path + ": shard, 4 data sets, ",
		"  @particle = \"electron\"\n  @seed = 42\n",
		"  ECAL float32 (50, 2, 3)\n      blocks of 16 rows, 384 B; CRC-32C; 1.20 kB stored for 1.20 kB (ratio 1.00)\n" +
			"      a row is 24 B; at random it reads 300 B; checked by CRC-32C\n",
		"      @unit = \"GeV\"\n",
		"  jpeg bytes (50,)\n      blocks of 16 rows; CRC-32C; 500 B stored\n      a row at random reads 125 B",
	} {
		assert.Contains(t, out, want)
	}
}

func TestInfoOfHDF5(t *testing.T) {
	needHDF5(t)
	out := mustRun(t, "info", testdata("layouts.h5"), testdata("refused.h5"))
	for _, want := range []string{
		"layouts.h5: HDF5, 12 data sets, 41.2 kB\n",
		"  gzip_shuffle_sum float32 (21, 4, 5)\n      blocks of 8 rows, 640 B; shuffle, gzip, fletcher32; 193 B stored for 1.68 kB (ratio 8.70)\n" +
			"      a row is 80 B; at random it reads 64 B; checked by Fletcher32\n",
		"  gzip_split float32 (21, 4, 5)\n      blocks of 8 rows, 192 B; gzip; 1.26 kB stored for 1.68 kB (ratio 1.34)\n" +
			"      a row is 80 B; at random it reads 418 B; checked by the Adler-32 of gzip\n" +
			"      ! a row is spread over 6 blocks; h5 repack keeps rows whole\n",
		"  contiguous float32 (21, 4, 5)\n      in one piece; 1.68 kB stored for 1.68 kB (ratio 1.00)\n" +
			"      a row is 80 B; at random it reads 80 B; no checksum: a flipped bit would be read as data\n",
		"  external float32: cannot be read: refused: its elements are in another file (external storage)\n",
		"  compound compound {e float32, n int32}: cannot be read: unsupported element type",
	} {
		assert.Contains(t, out, want)
	}
}

func TestInfoGoesOnAfterAFileThatIsNone(t *testing.T) {
	dir := t.TempDir()
	good := writeEvents(t, filepath.Join(dir, "b.shard"), storage{}, 0, 5)
	bad := writeEvents(t, filepath.Join(dir, "a.shard"), storage{}, 0, 5)
	flip(t, bad, 9)
	out, err := run(t, "info", bad, good)
	require.ErrorIs(t, err, source.ErrCorrupt)
	assert.ErrorContains(t, err, bad)
	assert.Contains(t, out, good+": shard")
}

func TestAdvice(t *testing.T) {
	row := []int{10_000, 1000} // 4 kB
	for _, tc := range []struct {
		name   string
		blocks blocks
		says   string
	}{
		{"good", blocks{rows: 256, across: 1, bytes: 1 << 20, filters: []string{"gzip"}}, ""},
		{"one piece", blocks{}, ""},
		{"rows that are cut", blocks{rows: 256, across: 4, bytes: 1 << 18}, "spread over 4 blocks"},
		{"large", blocks{rows: 4096, across: 1, bytes: 16 << 20, filters: []string{"gzip"}}, "blocks of 16.8 MB leave a shuffle few"},
		{"large, but any part can be read", blocks{rows: 4096, across: 1, bytes: 16 << 20}, ""},
		{"small", blocks{rows: 1, across: 1, bytes: 4000}, "blocks of 4.00 kB are many small reads"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			advice := set{shape: row, blocks: tc.blocks}.advice()
			if tc.says == "" {
				assert.Empty(t, advice)
				return
			}
			require.Len(t, advice, 1)
			assert.Contains(t, advice[0], tc.says)
		})
	}
}

func TestEveryCommandHasHelp(t *testing.T) {
	for _, c := range program.Commands {
		out, err := run(t, c.Name, "-h")
		assert.ErrorIs(t, err, flag.ErrHelp, c.Name)
		assert.Contains(t, out, "usage: h5 "+c.Name+" ")
	}
}

func TestUnits(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0 B", 999: "999 B", 1000: "1.00 kB", 9994: "9.99 kB", 9996: "10.0 kB", 123_456: "123 kB",
		999_499: "999 kB", 999_999: "1.00 MB", 62_500_000: "62.5 MB", 1 << 62: "4.61 EB",
	} {
		assert.Equal(t, want, bytesText(n))
	}
	for n, want := range map[int]string{0: "0 rows", 1: "1 row", 999: "999 rows", 1000: "1,000 rows", 1234567: "1,234,567 rows"} {
		assert.Equal(t, want, count(n, "rows"))
	}
}

func TestChecksumsOfChunksDoNotCoverRowsOfVariableLength(t *testing.T) {
	gzip := []string{"shuffle", "gzip"}
	for _, tc := range []struct {
		info hdf5.Info
		want string
	}{
		{hdf5.Info{Type: "float32", Filters: gzip}, "the Adler-32 of gzip"},
		{hdf5.Info{Type: "float32", Filters: append(gzip, "fletcher32")}, "Fletcher32"},
		{hdf5.Info{Type: "float32", Filters: []string{"lzf"}}, ""},
		{hdf5.Info{Type: "string of 44 bytes", Kind: source.Bytes, Filters: gzip}, "the Adler-32 of gzip"},
		{hdf5.Info{Type: "string", Kind: source.Bytes, Filters: gzip}, ""},
		{hdf5.Info{Type: "variable-length uint8", Kind: source.Bytes, Filters: gzip}, ""},
	} {
		assert.Equal(t, tc.want, checkedBy(tc.info), "%s", tc.info.Type)
	}
}
