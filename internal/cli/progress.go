package cli

import (
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
)

// Progress shows on a terminal how far a command has come, how fast it is and how
// long it will take. Where stderr is no terminal it shows nothing.
type Progress struct{ bar *progressbar.ProgressBar }

// NewProgress begins a bar of total units, such as "rows".
func NewProgress(total int, what, unit string) Progress {
	info, err := os.Stderr.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return Progress{}
	}
	return Progress{progressbar.NewOptions(total,
		progressbar.OptionSetDescription(what),
		progressbar.OptionSetWriter(os.Stderr),
		progressbar.OptionShowCount(),
		progressbar.OptionShowIts(),
		progressbar.OptionSetItsString(unit),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionSetWidth(30),
		progressbar.OptionClearOnFinish(),
	)}
}

// Add counts n units. A bar that cannot be drawn is no reason to stop.
func (p Progress) Add(n int) {
	if p.bar != nil {
		_ = p.bar.Add(n)
	}
}

// Finish clears the line.
func (p Progress) Finish() {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
}
