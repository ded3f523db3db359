package atomicfile_test

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/atomicfile"
)

func TestWriteJSONIsIndentedAndWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.json")
	require.NoError(t, atomicfile.WriteJSON(path, map[string]int{"a": 1}))
	require.Error(t, atomicfile.WriteJSON(path, math.NaN()))
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "{\n  \"a\": 1\n}\n", string(text))
}
