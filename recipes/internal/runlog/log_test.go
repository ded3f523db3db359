package runlog_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/recipes/internal/runlog"
)

const text = "epoch,step,loss,wait\n1,10,0.5,0.0001\n1.5,15,0.25,0\n"

func written(t *testing.T, text string) string {
	path := filepath.Join(t.TempDir(), "log.csv")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	return path
}

func TestPlotDrawsAPicture(t *testing.T) {
	l, err := runlog.Read(written(t, text))
	require.NoError(t, err)
	picture := filepath.Join(t.TempDir(), "loss.png")
	require.NoError(t, l.Plot(picture, "training", "loss", "loss", "wait"))
	b, err := os.ReadFile(picture)
	require.NoError(t, err)
	assert.Equal(t, "\x89PNG", string(b[:4]))
	assert.ErrorContains(t, l.Plot(picture, "training", "loss", "accuracy"), `no column "accuracy"`)
}

func TestReadRefuses(t *testing.T) {
	for name, test := range map[string]struct{ text, says string }{
		"nothing":           {"", "0 lines"},
		"no rows":           {"epoch,step\n", "1 lines"},
		"a row cut short":   {"epoch,step\n1\n", "wrong number of fields"},
		"words for numbers": {"epoch,step\none,1\n", `line 2, column "epoch"`},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := runlog.Read(written(t, test.text))
			if err == nil {
				_, err = l.Column("epoch")
			}
			assert.ErrorContains(t, err, test.says)
			assert.ErrorContains(t, err, "log.csv")
		})
	}
	_, err := runlog.Read("nothing.csv")
	assert.ErrorIs(t, err, os.ErrNotExist)
}

func ExampleLog_Column() {
	path := filepath.Join(os.TempDir(), "example-log.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		log.Fatal(err)
	}
	defer os.Remove(path)
	l, err := runlog.Read(path)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(l.Column("loss"))
	// Output: [0.5 0.25] <nil>
}
