package rawfile

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"github.com/cascade-hpc/cascade/data/source"
)

// mostKept is the number of files that stay open. Others are opened for each
// read, which takes some microseconds where the directory is in memory.
const mostKept = 256

var kept atomic.Int64

// File is a file of a known size. Its methods but Inflate and Close may be called
// by several goroutines at once.
type File struct {
	path   string
	size   int64
	disk   *os.File // nil if it is opened for each read
	memory []byte   // its contents, if inflated
	counts counts
}

type counts struct{ stored, decoded, read, decode atomic.Int64 }

// Open opens a file. Errors: those of os.Open, source.ErrFormat if it is none, such
// as a directory.
func Open(path string) (*File, error) {
	if err := source.CheckRegular(path); err != nil {
		return nil, err
	}
	disk, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := disk.Stat()
	if err != nil {
		return nil, errors.Join(err, disk.Close())
	}
	f := &File{path: path, size: info.Size(), disk: disk}
	if kept.Add(1) <= mostKept {
		return f, nil
	}
	kept.Add(-1)
	f.disk = nil
	return f, disk.Close()
}

// Of is a file of these contents, in memory.
func Of(name string, contents []byte) *File {
	return &File{path: name, size: int64(len(contents)), memory: contents}
}

// Path is the name that the file was opened by.
func (f *File) Path() string { return f.path }

// Size is the number of bytes that can be read.
func (f *File) Size() int64 { return f.size }

// ReadAt fills p from a place. Errors: source.ErrCorrupt if the file ends before
// that, and those of os.File.ReadAt.
func (f *File) ReadAt(p []byte, at int64) error {
	if at < 0 || at > f.size || int64(len(p)) > f.size-at {
		return fmt.Errorf("%s: %w: it ends at byte %d, before byte %d", f.path, source.ErrCorrupt, f.size, at+int64(len(p)))
	}
	if f.memory != nil {
		copy(p, f.memory[at:])
		return nil
	}
	start := time.Now()
	err := f.readDisk(p, at)
	f.counts.read.Add(int64(time.Since(start)))
	f.counts.stored.Add(int64(len(p)))
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: %w: it has become shorter than the %d bytes it had when it was opened", f.path, source.ErrCorrupt, f.size)
	}
	return err
}

func (f *File) readDisk(p []byte, at int64) error {
	if f.disk != nil {
		_, err := f.disk.ReadAt(p, at)
		return err
	}
	disk, err := os.Open(f.path)
	if err != nil {
		return err
	}
	defer disk.Close()
	_, err = disk.ReadAt(p, at)
	return err
}

// Gzipped says whether the file begins as gzip'ed ones do.
func (f *File) Gzipped() (bool, error) {
	var magic [2]byte
	if f.size < int64(len(magic)) {
		return false, nil
	}
	err := f.ReadAt(magic[:], 0)
	return magic == [2]byte{0x1f, 0x8b}, err
}

// Inflate puts what a gzip'ed file holds in its place, in memory. Errors:
// source.ErrCorrupt, and source.ErrRefused if it is more than most bytes.
func (f *File) Inflate(most int64) error {
	start := time.Now()
	stored, err := f.stream()
	if err != nil {
		return err
	}
	defer stored.Close()
	var contents bytes.Buffer
	r, err := gzip.NewReader(stored)
	if err == nil {
		_, err = contents.ReadFrom(io.LimitReader(r, most+1))
	}
	if err != nil {
		return fmt.Errorf("%s: %w: %w", f.path, source.ErrCorrupt, err)
	}
	if int64(contents.Len()) > most {
		return fmt.Errorf("%s: %w: it holds more than %d bytes, too many to keep in memory; unpack it with gunzip", f.path, source.ErrRefused, most)
	}
	f.counts.stored.Add(f.size)
	f.counts.decode.Add(int64(time.Since(start)))
	err = f.Close()
	f.memory, f.size = contents.Bytes(), int64(contents.Len())
	if f.memory == nil {
		f.memory = []byte{}
	}
	return err
}

// stream reads the file from its beginning.
func (f *File) stream() (io.ReadCloser, error) {
	if f.memory != nil {
		return io.NopCloser(bytes.NewReader(f.memory)), nil
	}
	return os.Open(f.path)
}

// Decoded counts what has been made of the bytes read, and how long that took.
func (f *File) Decoded(n int, took time.Duration) {
	f.counts.decoded.Add(int64(n))
	f.counts.decode.Add(int64(took))
}

// Counts is what reading has cost.
func (f *File) Counts() source.Counts {
	return source.Counts{
		StoredBytes: f.counts.stored.Load(), DecodedBytes: f.counts.decoded.Load(),
		ReadNanos: f.counts.read.Load(), DecodeNanos: f.counts.decode.Load(),
	}
}

// Close closes the file. A second call does nothing.
func (f *File) Close() error {
	if f.disk == nil {
		return nil
	}
	kept.Add(-1)
	err := f.disk.Close()
	f.disk = nil
	return err
}
