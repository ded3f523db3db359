package hdf5

import (
	"bufio"
	"bytes"
	"context"
	"encoding/gob"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/cascade-hpc/cascade/data/source"
)

// childVariable tells a program that it is a child that verifies a file, and
// which one: a task in JSON.
const childVariable = "CASCADE_HDF5_VERIFY"

// task is what a child is asked to do.
type task struct {
	Path    []byte // bytes, because JSON mangles text that is not UTF-8
	Memory  int64
	Workers int
}

// answer is what it writes to the file that it is given as number 3, as a gob: the
// names in a file need not be UTF-8 either. A child that writes none has crashed.
type answer struct {
	Verified Verified
	Error    string
	Kinds    []string // messages of the reasons in reasons that Error is
}

// reasons are the errors that survive the way from the child, by message.
var reasons = []error{source.ErrCorrupt, source.ErrFormat, source.ErrRefused, source.ErrShape, source.ErrType, ErrUnavailable, os.ErrPermission, os.ErrNotExist}

// childError is an error that happened in a child.
type childError struct {
	text  string
	kinds []error
}

func (e *childError) Error() string   { return e.text }
func (e *childError) Unwrap() []error { return e.kinds }

func (a answer) err() error {
	if a.Error == "" {
		return nil
	}
	e := &childError{text: a.Error}
	for _, kind := range a.Kinds {
		for _, r := range reasons {
			if r.Error() == kind {
				e.kinds = append(e.kinds, r)
			}
		}
	}
	return e
}

// inChild starts a child for a file and waits for it.
func (s Strict) inChild(ctx context.Context, path string, workers int) Verified {
	v := Verified{Path: path}
	limit := s.timeout(path)
	bounded, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	memory := s.Memory
	if memory == 0 {
		memory = 4 << 30
	}
	said, complaint, err := runChild(bounded, task{[]byte(path), memory, workers})
	var a answer
	switch {
	case err == nil && gob.NewDecoder(bytes.NewReader(said)).Decode(&a) == nil: // in time or just so
		v = a.Verified
		v.Path, v.Err = path, a.err()
	case ctx.Err() != nil:
		v.Err = fmt.Errorf("hdf5: %s: %w", path, ctx.Err())
	case bounded.Err() != nil:
		v.Err = fmt.Errorf("hdf5: %s: %w: a child that read it was not done after %v", path, source.ErrCorrupt, limit)
	case isStart(err):
		v.Err = fmt.Errorf("hdf5: %s: cannot verify it in a child: %w", path, err)
	default:
		v.Err = fmt.Errorf("hdf5: %s: %w: a child that read it, with %d MiB of memory, crashed: %s",
			path, source.ErrCorrupt, memory>>20, crash(err, complaint))
	}
	return v
}

// isStart says that a child did not even start, which is not the file's fault.
func isStart(err error) bool {
	var exit *exec.ExitError
	return err != nil && !errors.As(err, &exit)
}

func (s Strict) timeout(path string) time.Duration {
	if s.Timeout > 0 {
		return s.Timeout
	}
	limit := time.Minute
	if info, err := os.Stat(path); err == nil {
		limit += time.Duration(info.Size()>>22) * time.Second
	}
	return limit
}

// runChild runs a child and returns what it answers, and the beginning of what
// it prints to stderr. Its stdin is a pipe that nobody writes to: when this
// process dies, it ends, and so does the child.
func runChild(ctx context.Context, t task) (said, complaint []byte, err error) {
	self, err := thisProgram()
	if err != nil {
		return nil, nil, err
	}
	spec, err := json.Marshal(t)
	if err != nil {
		return nil, nil, err
	}
	read, write, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	defer read.Close()
	stderr := &beginning{room: 16 << 10}
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(os.Environ(), childVariable+"="+string(spec), "GOTRACEBACK=none")
	cmd.Args[0] = os.Args[0]
	cmd.ExtraFiles = []*os.File{write}
	cmd.Stderr = stderr
	cmd.WaitDelay = time.Second
	alive, err := cmd.StdinPipe()
	if err != nil {
		return nil, nil, errors.Join(err, write.Close())
	}
	defer alive.Close()
	if err := errors.Join(cmd.Start(), write.Close()); err != nil {
		return nil, nil, err
	}
	said, err = io.ReadAll(io.LimitReader(read, 16<<20))
	err = errors.Join(err, cmd.Wait()) // which also waits for stderr
	return said, stderr.kept.Bytes(), err
}

// thisProgram is what to start to start this program again. On Linux that is what
// runs, even if its file has been replaced since.
func thisProgram() (string, error) {
	if runtime.GOOS == "linux" {
		return "/proc/self/exe", nil
	}
	return os.Executable()
}

// beginning keeps the first bytes that are written to it. The buffer is not
// embedded: its ReadFrom would take in everything.
type beginning struct {
	kept bytes.Buffer
	room int
}

func (b *beginning) Write(p []byte) (int, error) {
	b.kept.Write(p[:min(len(p), b.room-b.kept.Len())])
	return len(p), nil
}

// crash says in a line how a child ended.
func crash(err error, complaint []byte) string {
	var lines []string
	for in := bufio.NewScanner(bytes.NewReader(complaint)); in.Scan() && len(lines) < 2; {
		if line := strings.TrimSpace(in.Text()); line != "" {
			lines = append(lines, line)
		}
	}
	if err != nil {
		lines = append(lines, err.Error())
	}
	if len(lines) == 0 {
		return "it gave no answer"
	}
	return strings.Join(lines, "; ")
}
