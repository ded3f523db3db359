package hdf5

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/source"
)

// Some failures can only be had in a process of their own. The test binary runs
// itself, with this variable naming what to do.
const roleVariable = "CASCADE_DATA_TEST_ROLE"

func TestMain(m *testing.M) {
	roles := map[string]func(path string) error{"write forever": writeForever, "fill the disk": fillTheDisk, "read damaged": readDamaged, "verify": verifyAloud, "verify and remove the program": removeAndVerify}
	if role, path, ok := strings.Cut(os.Getenv(roleVariable), ":"); ok {
		if err := roles[role](path); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func child(role, path string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), roleVariable+"="+role+":"+path)
	return cmd
}

var bigField = source.Field{Name: "ECAL", Shape: []int{25, 25, 25}}

func writeForever(path string) error {
	rows := pattern(16*bigField.Size(), "float")
	for {
		w, err := Create(path, bigField)
		if err != nil {
			return err
		}
		for range 4 {
			if err := w.Append("ECAL", rows); err != nil {
				return err
			}
			fmt.Println("appended")
		}
		fmt.Println("closing")
		if err := w.Close(); err != nil {
			return err
		}
		fmt.Println("closed")
	}
}

// Killed at any moment, a writer leaves the whole old file or the whole new one.
func TestKilledWriterLeavesAWholeFile(t *testing.T) {
	needHDF5(t)
	path := filepath.Join(t.TempDir(), "a.h5")
	writeShowers(t, Options{}, path, 3)
	rng := rand.New(rand.NewPCG(1, 2))
	for k := range 50 {
		cmd := child("write forever", path)
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		lines := bufio.NewScanner(out)
		for range rng.IntN(6) {
			lines.Scan()
		}
		if k%2 == 0 { // every other one dies while it closes, syncs or renames
			for lines.Text() != "closing" && lines.Scan() {
			}
		}
		time.Sleep(time.Duration(rng.IntN(4000)) * time.Microsecond)
		require.NoError(t, cmd.Process.Kill())
		cmd.Wait()
		f := open(t, path)
		ds := dataset(t, f, "ECAL")
		x := readAll(t, ds)
		assert.Contains(t, []int{3, 64}, ds.Rows())
		for at := 0; at < len(x); at += 16 * bigField.Size() {
			part := x[at:min(at+16*bigField.Size(), len(x))]
			require.True(t, slices.Equal(pattern(len(part), "float"), part))
		}
		require.NoError(t, f.Close())
	}
}

// fillTheDisk writes with a limit on the size of files, where write(2) fails as
// it does on a full disk.
func fillTheDisk(path string) error {
	signal.Ignore(syscall.SIGXFSZ)
	limit := syscall.Rlimit{Cur: 3 << 20, Max: 3 << 20}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	w, err := Create(path, bigField)
	if err != nil {
		return err
	}
	rows := pattern(16*bigField.Size(), "float")
	for range 8 {
		if err := w.Append("ECAL", rows); err != nil {
			return errors.Join(fmt.Errorf("append failed: %w", err), w.Close())
		}
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("close failed: %w", err)
	}
	return nil
}

func TestFullDiskIsAnErrorAndKeepsTheOldFile(t *testing.T) {
	needHDF5(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "a.h5")
	writeShowers(t, Options{}, path, 3)
	var stderr bytes.Buffer
	cmd := child("fill the disk", path)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.Error(t, err, "the child must fail")
	assert.Contains(t, string(out), "failed: hdf5: "+path)
	assert.Contains(t, string(out), "File too large")
	assert.Empty(t, stderr.String())
	assert.Equal(t, []string{"a.h5"}, listDir(t, dir))
	assert.Equal(t, 3, dataset(t, open(t, path), "target").Rows())
}
