package replay

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"
	"time"
)

// ErrMissing says that SimGrid is not installed.
var ErrMissing = errors.New("smpirun is missing: install SimGrid, for instance by scripts/install-simgrid")

// Files writes all that SimGrid needs to play the job into a folder: platform.xml, hosts,
// the actions of every actor, and traces, which lists their files.
func (j Job) Files(dir string, p Platform) error {
	if _, err := j.check(); err != nil {
		return err
	}
	write := func(name string, content func(w io.Writer) error) error {
		return toFile(filepath.Join(dir, name), content)
	}
	if err := write("platform.xml", p.Write); err != nil {
		return err
	}
	if err := write("hosts", func(w io.Writer) error { return p.hosts(w, j) }); err != nil {
		return err
	}
	var list bytes.Buffer
	for actor := range 2 * j.ranks() {
		name := fmt.Sprintf("actor-%d", actor)
		if err := write(name, func(w io.Writer) error { return j.Trace(w, actor) }); err != nil {
			return err
		}
		fmt.Fprintln(&list, filepath.Join(dir, name))
	}
	return write("traces", func(w io.Writer) error {
		_, err := w.Write(list.Bytes())
		return err
	})
}

func toFile(path string, content func(w io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(content(f), f.Close())
}

// model are the settings of SMPI under which a message of n bytes over idle links takes
// their latencies and n by their bandwidth, and no more. By default it is slowed down as
// it was on the Gigabit Ethernet that SMPI was fitted to.
var model = []string{
	"--cfg=smpi/bw-factor:0:1.0",
	"--cfg=smpi/lat-factor:0:1.0",
	"--cfg=network/TCP-gamma:0",
	"--cfg=network/crosstraffic:0",
	"--cfg=smpi/host-speed:1Gf", // for nothing that is played, but it warns without
}

// Arguments are those of smpirun, for the files in a folder.
func (j Job) Arguments(dir string) []string {
	return append([]string{
		"-np", strconv.Itoa(2 * j.ranks()), "-platform", filepath.Join(dir, "platform.xml"),
		"-hostfile", filepath.Join(dir, "hosts"), "-replay", filepath.Join(dir, "traces"),
	}, model...)
}

// Play lets SimGrid play the job on the platform, and tells how long that took there, in
// seconds. Errors: ErrMissing, those of writing files, and what SimGrid says.
func (j Job) Play(ctx context.Context, p Platform) (seconds float64, err error) {
	smpirun, err := exec.LookPath("smpirun")
	if err != nil {
		return 0, ErrMissing
	}
	dir, err := os.MkdirTemp("", "cascade-replay-")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := j.Files(dir, p); err != nil {
		return 0, err
	}
	cmd := exec.CommandContext(ctx, smpirun, j.Arguments(dir)...)
	cmd.Dir = dir
	// smpirun is a script, which ends its player when it is told, and cannot if it is killed.
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	said, err := cmd.CombinedOutput()
	switch {
	case ctx.Err() != nil:
		return 0, ctx.Err()
	case err != nil:
		return 0, fmt.Errorf("replay: smpirun: %w: %s", err, last(said))
	}
	return parse(said)
}

var simulated = regexp.MustCompile(`Simulation time ([0-9.]+)`)

// parse finds the time in what SimGrid says.
func parse(said []byte) (float64, error) {
	found := simulated.FindSubmatch(said)
	if found == nil {
		return 0, fmt.Errorf("replay: smpirun told no time: %s", last(said))
	}
	return strconv.ParseFloat(string(found[1]), 64)
}

// last is the end of a long text.
func last(text []byte) []byte {
	const most = 600
	return bytes.TrimSpace(text[max(0, len(text)-most):])
}
