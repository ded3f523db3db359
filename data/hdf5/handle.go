package hdf5

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cascade-hpc/cascade/data/internal/h5"
	"github.com/cascade-hpc/cascade/data/source"
)

// handle is the two ways into a file: a descriptor, for reads that go round
// libhdf5, and libhdf5 itself. Either is opened when it is needed, so that a
// file of which nothing is being read need not be open.
type handle struct {
	path   string
	stat   os.FileInfo // of the file whose schema was read
	meter  *meter
	chunks *chunkCache

	closed atomic.Bool // for good
	raw    atomic.Pointer[os.File]
	mu     sync.Mutex // guards the rest, and changes of the above
	lib    *h5.File
	sets   map[string]*h5.Dataset // open in lib
}

// file is the descriptor. It is opened again only if the file is still the one
// that was checked. Errors: source.ErrCorrupt, os.ErrClosed, those of os.Open.
func (h *handle) file() (*os.File, error) {
	if f := h.raw.Load(); f != nil {
		return f, nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed.Load() {
		return nil, os.ErrClosed
	}
	if f := h.raw.Load(); f != nil {
		return f, nil
	}
	f, err := os.Open(h.path)
	if err != nil {
		return nil, err
	}
	if h.stat == nil {
		h.stat, err = f.Stat()
	} else {
		err = h.unchanged(f.Stat())
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	h.raw.Store(f)
	return f, nil
}

// still says whether the path leads to the file that was opened. Errors:
// source.ErrCorrupt, those of os.Stat.
func (h *handle) still() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stat == nil {
		return nil
	}
	return h.unchanged(os.Stat(h.path))
}

func (h *handle) unchanged(now os.FileInfo, err error) error {
	if err != nil {
		return err
	}
	if !os.SameFile(now, h.stat) || now.Size() != h.stat.Size() || !now.ModTime().Equal(h.stat.ModTime()) {
		return fmt.Errorf("%w: the file has changed since it was opened", source.ErrCorrupt)
	}
	return nil
}

// library is the file as libhdf5 has it open. Errors: as file, and those of
// libhdf5.
func (h *handle) library() (*h5.File, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.openLibrary()
}

// openLibrary is library under the lock.
func (h *handle) openLibrary() (*h5.File, error) {
	if h.closed.Load() {
		return nil, os.ErrClosed
	}
	if h.lib != nil {
		return h.lib, nil
	}
	lib, err := h5.Open(h.path)
	if err != nil {
		return nil, openError(err)
	}
	if h.stat != nil {
		if err := h.unchanged(os.Stat(h.path)); err != nil {
			return nil, errors.Join(err, lib.Close())
		}
	}
	h.lib, h.sets = lib, map[string]*h5.Dataset{}
	return lib, nil
}

// dataset is a data set as libhdf5 has it open.
func (h *handle) dataset(name string, dims []uint64, slots, bytes int) (*h5.Dataset, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	lib, err := h.openLibrary()
	if err != nil {
		return nil, err
	}
	if d := h.sets[name]; d != nil {
		return d, nil
	}
	d, err := lib.OpenDataset(name, dims, slots, bytes)
	if err == nil {
		h.sets[name] = d
	}
	return d, err
}

// readAt fills dst from a place in the file, without libhdf5. Errors:
// source.ErrCorrupt beyond the end, and those of the file system.
func (h *handle) readAt(dst []byte, at uint64) error {
	size := uint64(h.stat.Size())
	if at > size || uint64(len(dst)) > size-at {
		return fmt.Errorf("%w: %d bytes at %d, but the file ends at %d", source.ErrCorrupt, len(dst), at, size)
	}
	f, err := h.file()
	if err != nil {
		return err
	}
	start := time.Now()
	_, err = f.ReadAt(dst, int64(at))
	h.meter.addRead(len(dst), start)
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: %d bytes at %d are beyond the end of the file", source.ErrCorrupt, len(dst), at)
	}
	return err
}

// rest closes what is open until it is needed again.
func (h *handle) rest() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	var errs []error
	if f := h.raw.Swap(nil); f != nil {
		errs = append(errs, f.Close())
	}
	if h.lib != nil {
		errs = append(errs, h.lib.Close())
		h.lib, h.sets = nil, nil
	}
	return errors.Join(errs...)
}

// close closes the file for good.
func (h *handle) close() error {
	h.mu.Lock()
	h.closed.Store(true)
	h.mu.Unlock()
	return h.rest()
}
