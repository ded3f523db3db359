package mpi

import "fmt"

// Init starts MPI, or joins in where the program has already started it, and
// returns the communicator of all processes. The library must give the thread level, and
// reductions of known result come out right: a call on all ranks, which takes some
// exchanges of a few bytes. Whether these are the processes that a launcher has started
// is for the caller to see: a library of another family makes each a job of its own.
//
// Dispositions of signals stay what they were. A library that cannot start, such as
// one whose launcher has gone, mostly ends the program itself.
//
// The error wraps [ErrFinalized], [ErrThreads] or [ErrSelfCheck], or
// is an [*Error]; only [Library.Abort] and the end of the program are left then.
func (l *Library) Init(level ThreadLevel) (*Comm, error) {
	if level < Single || level > Multiple {
		return nil, wrong(initThread, "found thread level %d, expected Single to Multiple", int(level))
	}
	if err := withSignals(func() error { return l.start(level) }); err != nil {
		return nil, err
	}
	if l.version.Threads < level {
		return nil, fmt.Errorf("mpi: %s: %w: found %s, expected %s", l.name, ErrThreads, l.version.Threads, level)
	}
	for _, comm := range []uintptr{l.world, l.self} {
		if err := l.do(commSetErrhandler, word(comm), word(l.errorsReturn)); err != nil {
			return nil, err
		}
	}
	world, err := l.comm(l.world)
	if err != nil {
		return nil, err
	}
	return world, world.check()
}

// start calls MPI_Init_thread, unless MPI runs, and keeps the level it gives.
func (l *Library) start(level ThreadLevel) error {
	if err := l.do(finalized, l.answer()); err != nil {
		return err
	}
	if l.result != 0 {
		return fmt.Errorf("mpi: Init: %w", ErrFinalized)
	}
	if err := l.do(initialized, l.answer()); err != nil {
		return err
	}
	if l.result != 0 {
		return l.join()
	}
	if err := l.do(initThread, at(nil), at(nil), word(l.levels[level-1]), l.answer()); err != nil {
		return err
	}
	l.owner = true
	return l.keepLevel(l.result)
}

// join looks at MPI as the program, or another call of Init, has started it.
func (l *Library) join() error {
	if err := l.do(queryThread, l.answer()); err != nil {
		return err
	}
	if err := l.keepLevel(l.result); err != nil || l.version.Threads > Funneled {
		return err
	}
	if err := l.do(isThreadMain, l.answer()); err != nil {
		return err
	}
	if l.result == 0 {
		return fmt.Errorf("mpi: Init: %w: MPI runs with %s, in another thread", ErrThreads, l.version.Threads)
	}
	return nil
}

// keepLevel translates a thread level of the library.
func (l *Library) keepLevel(given int32) error {
	for i, value := range l.levels {
		if value == given {
			l.version.Threads = ThreadLevel(i + 1)
			return nil
		}
	}
	return fmt.Errorf("mpi: %s: %w: found thread level %d, expected one of %v", l.name, ErrSelfCheck, given, l.levels)
}

// Finalize ends MPI, on all ranks together, if Init has started it. Nothing may be
// called afterwards but Version.
func (l *Library) Finalize() error {
	if l.ended {
		return fmt.Errorf("mpi: Finalize: %w", ErrFinalized)
	}
	l.ended = true
	if !l.owner {
		return nil
	}
	return l.do(finalize)
}

// Abort ends all processes of the job, this one with the exit code. It returns only
// where MPI does not run.
func (l *Library) Abort(code int) error {
	if l.ended || l.version.Threads == 0 {
		return fmt.Errorf("mpi: Abort: MPI does not run")
	}
	return l.do(abort, word(l.world), word(code))
}
