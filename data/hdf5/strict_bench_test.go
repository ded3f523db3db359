package hdf5

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// What strict opening costs: MB of elements verified in a second, of two files at
// a time.
func BenchmarkVerify(b *testing.B) {
	needHDF5(b)
	rng := rand.New(rand.NewPCG(1, 1))
	rows := make([]float32, 1000*bigField.Size()) // as showers are: most cells empty
	for i := range rows {
		rows[i] = max(0, rng.Float32()-0.72)
	}
	for _, bm := range []struct {
		name    string
		options Options
	}{{"fletcher32", Options{}}, {"gzip", Options{Gzip: 4}}} {
		b.Run(bm.name, func(b *testing.B) {
			dir := b.TempDir()
			var paths []string
			for i := range 2 {
				path := filepath.Join(dir, fmt.Sprintf("%d.h5", i))
				w, err := bm.options.Create(path, bigField)
				require.NoError(b, err)
				require.NoError(b, w.Append("ECAL", rows))
				require.NoError(b, w.Close())
				paths = append(paths, path)
			}
			bytes := int64(0)
			for b.Loop() {
				found, err := Strict{}.Verify(b.Context(), paths...)
				require.NoError(b, err)
				for _, v := range found {
					bytes += v.Bytes
				}
			}
			b.ReportMetric(float64(bytes)/1e6/b.Elapsed().Seconds(), "MB/s")
		})
	}
}
