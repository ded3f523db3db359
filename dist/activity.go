package dist

import "sync"

// activity is what a rank does, for those who watch it: it is told around each call. Ranks
// that nobody watches have none, and lose no time.
type activity struct {
	mu     sync.Mutex
	number int64  // of the call under way, or of the last
	name   string // of the call under way
}

func (a *activity) enter(name string) {
	if a == nil {
		return
	}
	a.mu.Lock()
	a.number++
	a.name = name
	a.mu.Unlock()
}

func (a *activity) leave() {
	if a == nil {
		return
	}
	a.mu.Lock()
	a.name = ""
	a.mu.Unlock()
}

// now is the number of the call under way with its name, or of the last with none.
func (a *activity) now() (number int64, name string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.number, a.name
}
