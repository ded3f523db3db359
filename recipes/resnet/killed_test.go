package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/recipes/internal/recipetest"
)

// A training can only be killed in a process of its own, and have ranks of MPI.
func TestMain(m *testing.M) { recipetest.Main(m, program.Main) }

// Killed when a member has just been written, ahead of the checkpoint that knows of it,
// and some time later, a training goes on to the bits of one that was not.
func TestKilledTrainingsGoOn(t *testing.T) {
	data, whole, out := quadrants(t), t.TempDir(), t.TempDir()
	require.NoError(t, short(data, whole).run(t.Context(), io.Discard))
	args := fmt.Sprintf("train --data %s --out %s --arch resnet8 --seed 5 --no-flip --pad 1 --epochs 4 --batch 8 --lr 0.05 --weight-decay 1e-4 --members 2 --optimizer sgd --checkpoint-every 1ns", data, out)
	command := func() *exec.Cmd {
		arguments := args
		if _, err := os.Stat(filepath.Join(out, checkpointFile)); err == nil {
			arguments += " --resume"
		}
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), recipetest.Arguments(arguments))
		return cmd
	}
	killed := 0
	for k, member := range []string{"1", "1c", "2", "2c"} {
		for later := range 2 {
			cmd := command()
			require.NoError(t, cmd.Start())
			ended := make(chan struct{})
			go func() {
				if cmd.Wait() != nil { // the signal
					killed++
				}
				close(ended)
			}()
			await(t, filepath.Join(out, ensembleDir, member+".safetensors"), ended)
			time.Sleep(time.Duration(later*(k+1)) * 7 * time.Millisecond)
			_ = cmd.Process.Kill()
			<-ended
		}
	}
	require.Greater(t, killed, 3)
	text, err := command().CombinedOutput()
	require.NoError(t, err, "%s", text)
	sameFiles(t, whole, out)
}

// await waits for a file, or for the end of the process that was to write it.
func await(t *testing.T, path string, ended <-chan struct{}) {
	deadline := time.After(time.Minute)
	for {
		if _, err := os.Stat(path); err == nil {
			return
		}
		select {
		case <-ended:
			return
		case <-deadline:
			require.Fail(t, "nothing was written", path)
		case <-time.After(time.Millisecond):
		}
	}
}
