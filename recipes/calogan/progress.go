package main

import (
	"os"

	"github.com/schollz/progressbar/v3"
)

// progress shows how far a command has come, where there is somebody to see it.
type progress struct {
	bar *progressbar.ProgressBar // nil when stderr is not a terminal
}

func newProgress(total int, what string) progress {
	info, err := os.Stderr.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return progress{}
	}
	return progress{progressbar.NewOptions(total,
		progressbar.OptionSetDescription(what),
		progressbar.OptionSetWriter(os.Stderr),
		progressbar.OptionShowCount(),
		progressbar.OptionShowIts(),
		progressbar.OptionSetItsString("showers"),
		progressbar.OptionThrottle(100*1e6),
		progressbar.OptionSetWidth(30),
		progressbar.OptionClearOnFinish(),
	)}
}

// Add counts n showers. A bar that cannot be drawn is no reason to stop.
func (p progress) Add(n int) {
	if p.bar != nil {
		_ = p.bar.Add(n)
	}
}

// Finish clears the line.
func (p progress) Finish() {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
}
