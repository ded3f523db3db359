package hdf5

import (
	"container/list"
	"errors"
	"sync"
)

// openFiles bounds how many of a source's files are open at once: a training set
// may have more files than a process may have descriptors. Those that were used
// last stay open.
type openFiles struct {
	limit int

	mu    sync.Mutex // guards the rest
	inUse map[*handle]*openFile
	order list.List // of *openFile, the one used last in front
}

type openFile struct {
	handle *handle
	users  int
	place  *list.Element
}

// mostOpen leaves room for the rest of the program in a limit of 256
// descriptors; a file takes two.
const mostOpen = 64

func newOpenFiles(limit int) *openFiles {
	return &openFiles{limit: limit, inUse: map[*handle]*openFile{}}
}

// use keeps a file open until done. Others that nobody uses are closed if there
// are too many. Errors: those of closing a file.
func (o *openFiles) use(h *handle) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	f := o.inUse[h]
	if f == nil {
		f = &openFile{handle: h}
		f.place = o.order.PushFront(f)
		o.inUse[h] = f
	}
	f.users++
	o.order.MoveToFront(f.place)
	var errs []error
	for place := o.order.Back(); place != nil && o.order.Len() > o.limit; {
		idle := place.Value.(*openFile)
		place = place.Prev()
		if idle.users == 0 {
			errs = append(errs, idle.handle.rest())
			o.order.Remove(idle.place)
			delete(o.inUse, idle.handle)
		}
	}
	err := errors.Join(errs...)
	if err != nil {
		f.users-- // there will be no done
	}
	return err
}

func (o *openFiles) done(h *handle) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.inUse[h].users--
}
