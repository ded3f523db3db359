package ops

import "time"

// Watcher is told what the workers of a pool do. Several may tell at once.
type Watcher interface {
	// Worked says that a worker did parts of a task, one after the other.
	Worked(worker int, begin time.Time, took time.Duration)
}

// begun is the time, for those who are watched: reading the clock takes as long as some
// parts.
func begun(w Watcher) (t time.Time) {
	if w != nil {
		t = time.Now()
	}
	return t
}

func tell(w Watcher, worker int, begin time.Time) {
	if w != nil {
		w.Worked(worker, begin, time.Since(begin))
	}
}
