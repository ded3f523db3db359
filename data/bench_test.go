package data

import (
	"errors"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/hdf5"
	"github.com/cascade-hpc/cascade/data/shard"
	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/internal/philox"
)

// Showers as of the 3D-GAN: 2048 of 62.5 kB, a quarter of the cells not zero. Half
// the budget holds a quarter of them, so that no epoch is served from memory.
const (
	benchRows   = 2048
	benchBudget = 64 << 20
)

var benchFields = []source.Field{{Name: "ECAL", Shape: []int{25, 25, 25}}, {Name: "target", Shape: []int{2}}}

// benchFiles writes the showers in the layouts that people have, and returns
// the files by their names.
func benchFiles(b *testing.B) map[string]string {
	b.Helper()
	var rows source.Columns
	rows.Reset(benchFields, benchRows)
	s := philox.NewStream(1, 0)
	for i, x := range [2][]float32{source.Float32View(rows.All(0)), source.Float32View(rows.All(1))} {
		for k := range x {
			if v := s.Float32(); i == 1 || v > 0.72 {
				x[k] = v
			}
		}
	}
	dir := b.TempDir()
	files := map[string]string{"shard": filepath.Join(dir, "a.shard")}
	w, err := shard.Create(files["shard"], benchFields...)
	require.NoError(b, err)
	require.NoError(b, w.AppendColumns(&rows))
	require.NoError(b, w.Close())
	for name, o := range map[string]hdf5.Options{"checksums": {}, "gzip": {Gzip: 4}} {
		path := filepath.Join(dir, name+".h5")
		w, err := o.Create(path, benchFields...)
		if errors.Is(err, hdf5.ErrUnavailable) {
			continue
		}
		require.NoError(b, err)
		require.NoError(b, w.AppendColumns(&rows))
		require.NoError(b, w.Close())
		files[name] = path
	}
	contiguous := filepath.Join(dir, "contiguous.h5")
	const copyFile = "import h5py, sys\nwith h5py.File(sys.argv[1]) as f, h5py.File(sys.argv[2], 'w') as g:\n for n in f: g[n] = f[n][:]"
	if err := exec.Command("/usr/bin/python3", "-c", copyFile, files["checksums"], contiguous).Run(); err == nil {
		files["contiguous"] = contiguous
	}
	return files
}

// BenchmarkEpoch is an epoch in batches of 64, from the page cache, in MB of
// float32 a second: extents alone (by one goroutine), batches as stored, shuffled,
// and as one of two ranks, whose rate is that of the rows it delivers.
//
//	go test -run - -bench Epoch ./data
func BenchmarkEpoch(b *testing.B) {
	files := benchFiles(b)
	for _, name := range []string{"contiguous", "checksums", "gzip", "shard"} {
		path, ok := files[name]
		if !ok {
			continue
		}
		p := Open(path).Fields("ECAL", "target").Batch(64, Drop)
		b.Run(name+"/extents", func(b *testing.B) { benchExtents(b, path) })
		b.Run(name+"/stored", func(b *testing.B) { benchEpoch(b, p) })
		b.Run(name+"/shuffled", func(b *testing.B) { benchEpoch(b, p.Shuffle(1, benchBudget)) })
		b.Run(name+"/rank", func(b *testing.B) { benchEpoch(b, p.Shuffle(1, benchBudget).Shard(1, 2)) })
	}
}

func benchExtents(b *testing.B, path string) {
	src, err := OpenSource([]string{"ECAL", "target"}, path)
	require.NoError(b, err)
	defer src.Close()
	var dst source.Columns
	for b.Loop() {
		for _, rows := range src.Extents() {
			require.NoError(b, src.Read(&dst, rows))
		}
	}
	reportMB(b, benchRows)
}

func benchEpoch(b *testing.B, p Pipeline) {
	l := loader(b, p)
	b.ReportAllocs()
	for b.Loop() {
		for range l.Steps() {
			_, err := l.Next(b.Context())
			require.NoError(b, err)
		}
	}
	reportMB(b, l.Steps()*l.plan.batch)
}

func reportMB(b *testing.B, rows int) {
	bytes := rows * (benchFields[0].RowBytes() + benchFields[1].RowBytes())
	b.ReportMetric(float64(bytes)*float64(b.N)/b.Elapsed().Seconds()/1e6, "MB/s")
}
