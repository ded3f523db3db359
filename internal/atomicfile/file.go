package atomicfile

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"os"
)

// bufferSize is large enough that system calls do not count beside the disk.
const bufferSize = 1 << 18

// File is a file being written, which gets its name when Commit succeeds. It is
// for one goroutine.
type File struct {
	path, temp string
	file       *os.File
	buffer     *bufio.Writer
	done       bool // committed or aborted: file is closed
}

// Create starts the file that is to be called path. The file at path, if there
// is one, stays as it is until Commit; a symbolic link is then replaced, not
// followed.
func Create(path string) (*File, error) {
	for {
		temp := Temp(path)
		// CreateTemp would make files that only their owner can read.
		f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return nil, failed(path, "create temporary file", err)
		}
		return &File{path: path, temp: temp, file: f, buffer: bufio.NewWriterSize(f, bufferSize)}, nil
	}
}

// Write appends p. An error is remembered, and Commit returns it again.
func (f *File) Write(p []byte) (int, error) {
	if f.done {
		return 0, failed(f.path, "write", os.ErrClosed)
	}
	n, err := f.buffer.Write(p)
	if err != nil {
		return n, failed(f.path, "write", err)
	}
	return n, nil
}

// Commit brings what was written to disk and gives it its name. After an error
// the temporary file is gone and path holds what it held before. The one
// exception is an error in the step "sync directory": the new file is then in
// its place, but may not be after a power failure.
func (f *File) Commit() error {
	if f.done {
		return failed(f.path, "commit", os.ErrClosed)
	}
	defer f.Abort()
	if err := f.buffer.Flush(); err != nil {
		return failed(f.path, "write", err)
	}
	if err := f.file.Sync(); err != nil {
		return failed(f.path, "sync", err)
	}
	f.done = true
	if err := f.file.Close(); err != nil {
		os.Remove(f.temp)
		return failed(f.path, "close", err)
	}
	return rename(f.temp, f.path)
}

// Abort gives the file up and removes what was written. After Commit it does
// nothing, so that it can be deferred.
func (f *File) Abort() {
	if f.done {
		return
	}
	f.done = true
	f.file.Close()
	os.Remove(f.temp)
}

// Write makes the file path from what write writes. If write fails, or panics,
// path keeps what it had.
func Write(path string, write func(io.Writer) error) error {
	f, err := Create(path)
	if err != nil {
		return err
	}
	defer f.Abort()
	if err := write(f); err != nil {
		return err
	}
	return f.Commit()
}
