package hdf5

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/source"
)

// columns makes rows of fields, all zero; rows of bytes are missing.
func columns(rows int, fields ...source.Field) *source.Columns {
	c := new(source.Columns)
	c.Reset(fields, rows)
	return c
}

// What h5py says of a data set: its type, its little-endian bytes as they are, or
// its strings.
const tellKinds = `
import h5py, json, sys
with h5py.File(sys.argv[1]) as f:
    out = {}
    for name in f:
        d = f[name]
        vlen = h5py.check_vlen_dtype(d.dtype)
        out[name] = {
            "dtype": "vlen " + str(vlen) if vlen else d.dtype.str, "shape": list(d.shape),
            "hex": "|".join(x.tobytes().hex() for x in d[()]) if vlen else "" if name == "bfloat16" else d[()].tobytes().hex(),
            "unit": str(d.attrs.get("unit")), "year": int(d.attrs.get("year", 0))}
    print(json.dumps(out))
`

func TestPythonReadsEveryKind(t *testing.T) {
	needHDF5(t)
	needH5py(t)
	const rows = 7
	var fields []source.Field
	for k := source.Float32; k <= source.Bytes; k++ {
		f := source.Field{Name: k.String(), Kind: k, Shape: []int{3}}
		if k == source.Bytes {
			f.Shape = nil
		}
		fields = append(fields, f)
	}
	c := columns(rows, fields...)
	var texts [][]byte
	for i, f := range fields {
		if f.Kind == source.Bytes {
			for r := range rows {
				texts = append(texts, bytes.Repeat([]byte{byte(r), 0, 0xff}, r%3))
				c.Append(i, texts[r])
			}
			continue
		}
		for at := range c.All(i) {
			c.All(i)[at] = byte(at * 5 % 119) // no NaN, whose bits NumPy may change
		}
	}
	path := filepath.Join(t.TempDir(), "a.h5")
	w, err := Options{ChunkRows: 4, Gzip: 1, Shuffle: true}.Create(path, fields...)
	require.NoError(t, err)
	require.NoError(t, w.AppendColumns(c))
	require.NoError(t, w.AppendColumns(c))
	require.NoError(t, w.SetFieldAttr("int16", "unit", "mm"))
	require.NoError(t, w.SetFieldAttr("int16", "year", 2026))
	require.NoError(t, w.Close())

	var got map[string]struct {
		Dtype, Hex, Unit string
		Shape            []int
		Year             int
	}
	require.NoError(t, json.Unmarshal([]byte(runPython(t, "-c", tellKinds, path)), &got))
	types := map[source.Kind]string{
		source.Float32: "<f4", source.Float64: "<f8", source.Float16: "<f2", source.Int8: "|i1", source.Int16: "<i2", source.Int32: "<i4", source.Int64: "<i8",
		source.Uint8: "|u1", source.Uint16: "<u2", source.Uint32: "<u4", source.Uint64: "<u8", source.Bytes: "vlen uint8",
	}
	for i, f := range fields {
		t.Run(f.Name, func(t *testing.T) {
			p := got[f.Name]
			if f.Kind == source.Bytes {
				assert.Equal(t, types[f.Kind], p.Dtype)
				assert.Equal(t, hexes(append(texts, texts...)), p.Hex)
				return
			}
			assert.Equal(t, []int{2 * rows, 3}, p.Shape)
			if f.Kind == source.BFloat16 { // NumPy has none
				assert.Equal(t, "bfloat16", dataset(t, open(t, path), "bfloat16").Info().Type)
				return
			}
			assert.Equal(t, types[f.Kind], p.Dtype)
			assert.Equal(t, hexes([][]byte{append(bytes.Clone(c.All(i)), c.All(i)...)}), p.Hex)
		})
	}
	assert.Equal(t, "mm", got["int16"].Unit)
	assert.Equal(t, 2026, got["int16"].Year)
	assert.Equal(t, "None", got["int32"].Unit)
}

// hexes is what tellKinds makes of rows.
func hexes(rows [][]byte) string {
	var out []string
	for _, r := range rows {
		out = append(out, hex.EncodeToString(r))
	}
	return strings.Join(out, "|")
}

func TestRowsOfDataSetsMayBeAppendedApart(t *testing.T) {
	needHDF5(t)
	path := filepath.Join(t.TempDir(), "a.h5")
	x, n := source.Field{Name: "x", Shape: []int{2}}, source.Field{Name: "n", Kind: source.Uint8}
	w, err := Create(path, x, n)
	require.NoError(t, err)
	require.NoError(t, w.Append("x", []float32{1, 2}))
	require.NoError(t, w.AppendColumns(columns(1, x)))
	labels := columns(2, n)
	copy(labels.All(0), []byte{5, 6})
	require.NoError(t, w.AppendColumns(labels))
	require.NoError(t, w.AppendColumns(columns(0, n, x)), "no rows are fine")
	require.NoError(t, w.Close())
	f := open(t, path)
	assert.Equal(t, []float32{1, 2, 0, 0}, readAll(t, dataset(t, f, "x")))
	assert.Equal(t, []float32{5, 6}, readAll(t, dataset(t, f, "n")))
}
