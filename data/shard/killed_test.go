package shard

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/source"
)

// A killed writer can only be had in a process of its own: the test binary runs
// itself, with this variable naming the file to write.
const killedVariable = "CASCADE_SHARD_TEST_WRITES"

func TestMain(m *testing.M) {
	if path := os.Getenv(killedVariable); path != "" {
		fmt.Println(writeForever(path))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// writeForever writes shards of 40, 50, 60 … rows, one after the other.
func writeForever(path string) error {
	var c source.Columns
	for rows := 40; ; rows += 10 {
		w, err := Options{BlockRows: 7}.Create(path, everyKind...)
		if err != nil {
			return err
		}
		for at := 0; at < rows; at += 10 {
			fill(&c, everyKind, at, 10)
			if err := w.AppendColumns(&c); err != nil {
				return err
			}
			fmt.Println("appended")
		}
		fmt.Println("closing")
		if err := w.Close(); err != nil {
			return err
		}
	}
}

// Killed at any moment, a writer leaves the whole old file or the whole new one.
func TestKilledWriterLeavesAWholeFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.shard")
	write(t, Options{}, path, everyKind, 0, 3)
	rng := rand.New(rand.NewPCG(5, 6))
	for k := range 50 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), killedVariable+"="+path)
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		lines := bufio.NewScanner(out)
		for range rng.IntN(12) {
			lines.Scan()
		}
		if k%2 == 0 { // every other one dies while it closes, syncs or renames
			for lines.Text() != "closing" && lines.Scan() {
			}
		}
		time.Sleep(time.Duration(rng.IntN(1000)) * time.Microsecond)
		require.NoError(t, cmd.Process.Kill())
		cmd.Wait()
		s := open(t, everyKind, path)
		require.Contains(t, []int{3, 0}, s.Rows()%10, "%d rows", s.Rows())
		var c source.Columns
		require.NoError(t, s.Read(&c, source.Range{To: s.Rows()}))
		requireRows(t, &c, everyKind, 0, s.Rows())
	}
	s := open(t, everyKind, path)
	assert.NotEqual(t, 3, s.Rows(), "no child got as far as to give its file a name")
}
