//go:build unix

package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The test binary is the program that is sent signals, if this is set.
const programKey = "CASCADE_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if command := os.Getenv(programKey); command != "" {
		os.Args = []string{"trainer", command}
		trainer.Main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

var errSaved = errors.New("saved")

// trainer works until a signal comes, and then until it may read a line.
var trainer = Program{
	Name: "trainer",
	Commands: []Command{
		{Name: "train", Run: func(ctx context.Context, out io.Writer, _ []string) error {
			return fmt.Errorf("stopped: %w", errors.Join(untilRead(ctx, out), errSaved))
		}},
		{Name: "follow", Run: func(ctx context.Context, out io.Writer, _ []string) error {
			return errors.Join(untilRead(ctx, out), errSaved, ErrSaid)
		}},
		{Name: "fail", Run: func(ctx context.Context, out io.Writer, _ []string) error {
			return errors.Join(untilRead(ctx, out), errors.New("the disk is full"))
		}},
	},
	Resumable: errSaved,
}

func untilRead(ctx context.Context, out io.Writer) error {
	fmt.Fprintln(out, "ready")
	<-ctx.Done()
	fmt.Fprintln(out, "saving")
	_, err := bufio.NewReader(os.Stdin).ReadString('\n')
	return err
}

func TestSignalsOfAQueueEndATrainingWithTheStatusThatBringsItBack(t *testing.T) {
	for _, tc := range []struct {
		name, command  string
		first, second  syscall.Signal // second comes while the checkpoint is written; 0 is none
		status, killed int
	}{
		{"a warning", "train", syscall.SIGUSR1, 0, StatusRequeue, 0},
		{"the time limit", "train", syscall.SIGTERM, 0, StatusRequeue, 0},
		{"a connection that breaks", "train", syscall.SIGHUP, 0, StatusRequeue, 0},
		{"a warning passed on by a launcher that was sent it too", "train", syscall.SIGUSR1, syscall.SIGUSR1, StatusRequeue, 0},
		{"a warning, then the limit", "train", syscall.SIGUSR1, syscall.SIGTERM, StatusRequeue, 0},
		{"a warning that another process speaks of", "follow", syscall.SIGUSR1, 0, StatusRequeue, 0},
		{"Ctrl-C", "train", syscall.SIGINT, 0, 1, 0},
		{"Ctrl-C by someone in a hurry", "train", syscall.SIGINT, syscall.SIGINT, -1, int(syscall.SIGINT)},
		{"a checkpoint that cannot be written", "fail", syscall.SIGUSR1, 0, 1, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if signal.Ignored(tc.first) || tc.second != 0 && signal.Ignored(tc.second) {
				t.Skip("the signal is ignored here, as nohup has it, and so it would be in the program")
			}
			c := exec.CommandContext(t.Context(), os.Args[0])
			c.Env = append(os.Environ(), programKey+"="+tc.command)
			stdin, err := c.StdinPipe()
			require.NoError(t, err)
			stdout, err := c.StdoutPipe()
			require.NoError(t, err)
			var said strings.Builder
			c.Stderr = &said
			require.NoError(t, c.Start())
			lines := bufio.NewScanner(stdout)
			expect := func(line string) {
				t.Helper()
				require.True(t, lines.Scan())
				require.Equal(t, line, lines.Text())
			}
			expect("ready")
			require.NoError(t, c.Process.Signal(tc.first))
			expect("saving")
			if tc.second != 0 {
				require.NoError(t, c.Process.Signal(tc.second))
			}
			if tc.killed == 0 {
				_, err = io.Copy(stdin, strings.NewReader("go on\n"))
				require.NoError(t, err)
			}
			err = c.Wait()
			require.ErrorAs(t, err, new(*exec.ExitError))
			assert.Equal(t, tc.status, c.ProcessState.ExitCode())
			assert.Equal(t, tc.command == "follow" || tc.killed != 0, said.String() == "", "an error is said, but for one that another says")
			if tc.killed != 0 {
				assert.Equal(t, tc.killed, int(c.ProcessState.Sys().(syscall.WaitStatus).Signal()))
			}
		})
	}
}
