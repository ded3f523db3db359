package train

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
)

// quiet is the time between two lines of progress where there is no terminal, and
// redraw that between two pictures of a bar.
const (
	quiet  = 30 * time.Second
	redraw = 200 * time.Millisecond
)

// bar shows how far an epoch has come.
type bar struct {
	l     *Loop
	w     io.Writer
	bar   *progressbar.ProgressBar // nil without a terminal
	epoch int
	first int // step at which this run began the epoch
	start time.Time
	shown time.Time
}

func newBar(l *Loop, w io.Writer) *bar { return &bar{l: l, w: w} }

// terminal says that somebody is looking.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// begin starts an epoch at a position.
func (b *bar) begin(at Position) {
	b.epoch, b.first, b.start, b.shown = at.Epoch, at.Step, time.Now(), time.Now()
	if !terminal(b.w) {
		return
	}
	b.bar = progressbar.NewOptions(b.l.Steps*max(b.l.Batch, 1),
		progressbar.OptionSetWriter(b.w),
		progressbar.OptionSetDescription(b.title()),
		progressbar.OptionShowCount(),
		progressbar.OptionShowIts(),
		progressbar.OptionSetItsString(b.unit()),
		progressbar.OptionThrottle(redraw),
		progressbar.OptionSetWidth(20),
		progressbar.OptionClearOnFinish(),
	)
	_ = b.bar.Set(at.Step * max(b.l.Batch, 1)) // a bar that cannot be drawn is no reason to stop
}

func (b *bar) title() string { return fmt.Sprintf("epoch %d/%d", b.epoch+1, b.l.Epochs) }

func (b *bar) unit() string {
	if b.l.Unit == "" {
		return "samples"
	}
	return b.l.Unit
}

// step shows a step, with the means so far, if it is time to.
func (b *bar) step(sums []float64, done int) {
	now := time.Now()
	if b.bar != nil {
		if now.Sub(b.shown) >= redraw {
			b.shown = now
			b.bar.Describe(b.title() + "  " + b.means(sums, done))
		}
		_ = b.bar.Add(max(b.l.Batch, 1))
		return
	}
	if now.Sub(b.shown) < quiet {
		return
	}
	b.shown = now
	rate := float64(done-b.first) / now.Sub(b.start).Seconds()
	left := time.Duration(float64(b.l.Steps-done) / rate * float64(time.Second))
	fmt.Fprintf(b.w, "%s: step %d of %d, %.0f %s/s, %s left; %s\n", b.title(), done, b.l.Steps,
		rate*float64(max(b.l.Batch, 1)), b.unit(), left.Round(time.Second), b.means(sums, done))
}

func (b *bar) means(sums []float64, done int) string {
	parts := make([]string, len(sums))
	for i, s := range sums {
		parts[i] = fmt.Sprintf("%s %.3g", b.l.Metrics[i], s/float64(done))
	}
	return strings.Join(parts, ", ")
}

// finish clears the line.
func (b *bar) finish() {
	if b.bar != nil {
		_ = b.bar.Clear()
		b.bar = nil
	}
}
