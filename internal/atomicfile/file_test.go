package atomicfile

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const old = "what the file held before"

// existing makes a file with old contents, alone in a directory.
func existing(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "model.safetensors")
	require.NoError(t, os.WriteFile(path, []byte(old), 0o644))
	return path
}

// alone checks the contents of path and that no temporary lies beside it.
func alone(t *testing.T, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, want, string(got))
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	assert.Len(t, entries, 1, "%v", entries)
}

func TestWrite(t *testing.T) {
	broken := errors.New("broken tensor")
	tests := map[string]struct {
		write func(io.Writer) error
		want  string
		err   error
	}{
		"empty":                        {func(io.Writer) error { return nil }, "", nil},
		"small":                        {func(w io.Writer) error { _, err := io.WriteString(w, "new"); return err }, "new", nil},
		"larger than the buffer":       {fill(3*bufferSize + 7), strings.Repeat("x", 3*bufferSize+7), nil},
		"fails before the first byte":  {func(io.Writer) error { return broken }, old, broken},
		"fails after the buffer spilt": {func(w io.Writer) error { return errors.Join(fill(2*bufferSize)(w), broken) }, old, broken},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			path := existing(t)
			assert.ErrorIs(t, Write(path, tt.write), tt.err)
			alone(t, path, tt.want)
		})
	}
}

func fill(n int) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, strings.Repeat("x", n))
		return err
	}
}

func TestWritePanics(t *testing.T) {
	path := existing(t)
	assert.Panics(t, func() { Write(path, func(io.Writer) error { panic("in the middle") }) })
	alone(t, path, old)
}

func TestNewFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new")
	require.NoError(t, Write(path, fill(3)))
	alone(t, path, "xxx")
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.NotZero(t, info.Mode()&0o400)
	reference := filepath.Join(t.TempDir(), "reference")
	require.NoError(t, os.WriteFile(reference, nil, 0o666))
	want, err := os.Stat(reference)
	require.NoError(t, err)
	assert.Equal(t, want.Mode(), info.Mode(), "the mode follows the umask")
}

func TestOldFileStaysUntilCommit(t *testing.T) {
	path := existing(t)
	f, err := Create(path)
	require.NoError(t, err)
	defer f.Abort()
	require.NoError(t, fill(2*bufferSize)(f))
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, old, string(got))
	require.NoError(t, f.Commit())
	alone(t, path, strings.Repeat("x", 2*bufferSize))
}

func TestAfterTheEnd(t *testing.T) {
	tests := map[string]struct {
		end  func(*testing.T, *File)
		want string
	}{
		"committed":                  {func(t *testing.T, f *File) { require.NoError(t, f.Commit()) }, "xxx"},
		"aborted":                    {func(_ *testing.T, f *File) { f.Abort() }, old},
		"committed and then aborted": {func(t *testing.T, f *File) { require.NoError(t, f.Commit()); f.Abort() }, "xxx"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			path := existing(t)
			f, err := Create(path)
			require.NoError(t, err)
			require.NoError(t, fill(3)(f))
			tt.end(t, f)
			_, err = f.Write([]byte("late"))
			assert.ErrorIs(t, err, os.ErrClosed)
			assert.ErrorIs(t, f.Commit(), os.ErrClosed)
			f.Abort()
			alone(t, path, tt.want)
		})
	}
}

func TestErrorsNamePathAndStep(t *testing.T) {
	t.Run("no directory", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "missing", "model")
		_, err := Create(path)
		assert.ErrorIs(t, err, os.ErrNotExist)
		assert.ErrorContains(t, err, path+": create temporary file")
	})
	t.Run("a directory stands in the file's place", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "model")
		require.NoError(t, os.MkdirAll(filepath.Join(path, "full"), 0o755))
		err := Write(path, fill(3))
		assert.ErrorContains(t, err, path+": rename")
		entries, err := os.ReadDir(filepath.Dir(path))
		require.NoError(t, err)
		assert.Len(t, entries, 1, "the temporary is removed")
	})
}

func TestPublish(t *testing.T) {
	t.Run("replaces", func(t *testing.T) {
		path := existing(t)
		temp := Temp(path)
		assert.Equal(t, filepath.Dir(path), filepath.Dir(temp))
		require.NoError(t, os.WriteFile(temp, []byte("new"), 0o644))
		require.NoError(t, Publish(temp, path))
		alone(t, path, "new")
	})
	t.Run("nothing was written", func(t *testing.T) {
		path := existing(t)
		err := Publish(Temp(path), path)
		assert.ErrorIs(t, err, os.ErrNotExist)
		assert.ErrorContains(t, err, path+": sync")
		alone(t, path, old)
	})
	t.Run("relative name without a directory", func(t *testing.T) {
		t.Chdir(t.TempDir())
		temp := Temp("model")
		assert.NotContains(t, temp, string(filepath.Separator))
		require.NoError(t, os.WriteFile(temp, []byte("new"), 0o644))
		require.NoError(t, Publish(temp, "model"))
		alone(t, "model", "new")
	})
	assert.NotEqual(t, Temp("a"), Temp("a"))
}
