package nn_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn"
)

// TestVerboseAndTrace: what the environment can ask for can be asked for in Go, the
// environment wins, and programs share a trace.
func TestVerboseAndTrace(t *testing.T) {
	t.Setenv("CASCADE_TRACE", "")
	file := filepath.Join(t.TempDir(), "trace.json")
	net := build(t, "images", images)
	var log strings.Builder
	programs := []*nn.Program{
		compile(t, net, nn.Verbose(&log), nn.Trace(file)),
		compile(t, net, nn.Trace(file)),
	}
	for _, p := range programs {
		require.NoError(t, p.Run(0))
		p.Close()
	}
	assert.Contains(t, log.String(), "cascade_verbose,v1,primitive,create,cpu,convolution,")
	assert.Contains(t, log.String(), "cascade_verbose,v1,primitive,exec,cpu,convolution,")
	assert.Equal(t, 2, tracksOf(t, file)["images"])

	other := filepath.Join(t.TempDir(), "other.json")
	t.Setenv("CASCADE_TRACE", other)
	p := compile(t, net, nn.Trace(file))
	require.NoError(t, p.Run(0))
	p.Close()
	assert.Equal(t, 1, tracksOf(t, other)["images"])
	assert.Equal(t, 2, tracksOf(t, file)["images"], "the file is as it was")

	t.Setenv("CASCADE_TRACE", filepath.Join(t.TempDir(), "%p.json"))
	compile(t, net).Close()
	assert.FileExists(t, strings.ReplaceAll(os.Getenv("CASCADE_TRACE"), "%p", strconv.Itoa(os.Getpid())))
}

// tracksOf counts the tracks of a trace by their names.
func tracksOf(t *testing.T, file string) map[string]int {
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var trace struct {
		TraceEvents []struct {
			Name string
			Args map[string]any
		}
	}
	require.NoError(t, json.Unmarshal(text, &trace))
	count := map[string]int{}
	for _, e := range trace.TraceEvents {
		if e.Name == "thread_name" {
			count[e.Args["name"].(string)]++
		}
	}
	return count
}

func TestTraceMistakes(t *testing.T) {
	net := build(t, "images", images)
	missing := filepath.Join(t.TempDir(), "missing", "trace.json")
	_, err := nn.Compile(net, nn.Trace(missing))
	assert.ErrorContains(t, err, `nn: compile "images": a trace to "`+missing+`": a file in a directory that exists is expected`)
	t.Setenv("CASCADE_TRACE", missing)
	_, err = nn.Compile(net)
	assert.ErrorContains(t, err, `CASCADE_TRACE: a trace to "`)
}
