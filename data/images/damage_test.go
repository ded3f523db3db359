package images

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/source"
)

func read(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	return b
}

func TestDamagedImagesAreErrors(t *testing.T) {
	v := View{Field: "image", Height: 4, Width: 4}
	jpg, png := read(t, "420.jpg"), read(t, "rgb.png")
	wide := bytes.Clone(png)
	binary.BigEndian.PutUint32(wide[16:], 1<<30)
	for _, tc := range []struct {
		name string
		file []byte
		want error
	}{
		{"nothing", nil, source.ErrFormat},
		{"text", []byte("<html>404"), source.ErrFormat},
		{"half a JPEG", jpg[:len(jpg)/2], source.ErrCorrupt},
		{"a JPEG without its end", jpg[:len(jpg)-20], source.ErrCorrupt},
		{"the beginning of a JPEG", jpg[:2], source.ErrCorrupt},
		{"half a PNG", png[:len(png)/2], source.ErrCorrupt},
		{"a PNG of another width", wide, source.ErrCorrupt},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := row(tc.file).Apply(v)
			require.ErrorIs(t, err, tc.want)
			assert.ErrorContains(t, err, `images: View: field "image": `)
		})
	}
}

func TestAnAbsurdSizeIsRefused(t *testing.T) {
	jpg := bytes.Clone(read(t, "444.jpg"))
	at := bytes.Index(jpg, []byte{0xff, 0xc0}) // the frame header: length, precision, height, width
	require.Positive(t, at)
	copy(jpg[at+5:], []byte{0xff, 0xff, 0xff, 0xff})
	_, err := row(jpg).Apply(View{Field: "image", Height: 4, Width: 4})
	require.ErrorIs(t, err, source.ErrRefused)
	assert.ErrorContains(t, err, "65535 x 65535")
}

// FuzzView decodes arbitrary bytes: an error of the package or a view.
func FuzzView(f *testing.F) {
	names, err := filepath.Glob("testdata/*.*g")
	require.NoError(f, err)
	require.Len(f, names, 13)
	for _, name := range names {
		b, err := os.ReadFile(name)
		require.NoError(f, err)
		f.Add(b, true)
	}
	f.Fuzz(func(t *testing.T, b []byte, random bool) {
		if len(b) > 1<<12 {
			return // a large image takes long, and finds nothing that a small one does not
		}
		made, err := row(b).Apply(View{Field: "image", Height: 5, Width: 3, Random: random, Grey: len(b)%2 == 0})
		if err != nil {
			require.True(t, errors.Is(err, source.ErrFormat) || errors.Is(err, source.ErrCorrupt) || errors.Is(err, source.ErrRefused), "%v", err)
			return
		}
		require.Len(t, made.Uint8("image"), made.Fields()[0].Size())
	})
}
