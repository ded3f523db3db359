package train

import (
	"fmt"
	"io"
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

// bar shows how far an epoch has come, and when the training ends.
type bar struct {
	l     *Loop
	w     io.Writer
	feed  *feed
	bar   *progressbar.ProgressBar // nil without a terminal
	width int                      // of the terminal
	epoch int
	phase string // of a plan
	first int    // step at which this run began the epoch
	start time.Time
	shown time.Time
}

func newBar(l *Loop, w io.Writer, f *feed) *bar { return &bar{l: l, w: w, feed: f} }

// begin starts an epoch, or a part of it in a phase, at a position.
func (b *bar) begin(at Position, phase string) {
	b.phase = phase
	b.epoch, b.first, b.start, b.shown = at.Epoch, at.Step, time.Now(), time.Now()
	width, ok := columns(b.w)
	if !ok {
		return
	}
	// The rate and the time left are those of status: the bar's own would count the
	// steps before an interruption as done just now.
	b.width = width
	b.bar = progressbar.NewOptions(b.l.Steps,
		progressbar.OptionSetWriter(b.w),
		progressbar.OptionSetWidth(barWidth),
		progressbar.OptionSetPredictTime(false),
		progressbar.OptionSetElapsedTime(false),
		progressbar.OptionShowDescriptionAtLineEnd(),
		progressbar.OptionClearOnFinish(),
	)
	b.draw(at.Step, b.title())
}

func (b *bar) title() string {
	title := fmt.Sprintf("epoch %d/%d", b.epoch+1, b.l.Epochs)
	if b.phase != "" {
		title += ", phase " + b.phase
	}
	return title
}

func (b *bar) unit() string {
	if b.l.Unit == "" {
		return "samples"
	}
	return b.l.Unit
}

// step shows how far the training is after a step, with the means so far of the metrics
// of some steps, if it is time to.
func (b *bar) step(at Position, sums []float64, of int) {
	now := time.Now()
	since := now.Sub(b.shown)
	switch {
	case b.bar != nil && since >= redraw:
		b.draw(at.Step, b.title()+": "+b.status(at, now)+"; "+b.means(sums, of)+b.feed.status())
	case b.bar == nil && since >= quiet:
		fmt.Fprintf(b.w, "%s: step %d of %d, %s; %s%s\n", b.title(), at.Step, b.l.Steps, b.status(at, now), b.means(sums, of), b.feed.status())
	default:
		return
	}
	b.shown = now
}

// barWidth is the width of the bar, and around that of its frame and the percents.
const (
	barWidth = 16
	around   = len(" 100% || ") + 2
)

// draw draws the bar with as much of the text as there is room for: a line that
// wraps cannot be taken back. A bar that cannot be drawn is no reason to stop.
func (b *bar) draw(done int, text string) {
	for room := b.width - barWidth - around; len(text) > room; {
		last := strings.LastIndexAny(text, ",:;")
		if last < 0 {
			break
		}
		text = text[:last]
	}
	if done < b.l.Steps { // at the end the bar would clear itself
		_ = b.bar.Set(done)
		b.bar.Describe(text)
	}
}

// status is the rate, and the time to the end of the training at that rate.
func (b *bar) status(at Position, now time.Time) string {
	rate := float64(at.Step-b.first) / now.Sub(b.start).Seconds()
	steps := b.l.Epochs*b.l.Steps - b.epoch*b.l.Steps - at.Step
	if b.l.Plan != nil {
		steps = int(b.l.Plan.Steps() - at.Total)
	}
	left := time.Duration(float64(steps) / rate * float64(time.Second))
	return fmt.Sprintf("%.0f %s/s, %s left", rate*float64(max(b.l.Batch, 1)), b.unit(), left.Round(time.Second))
}

func (b *bar) means(sums []float64, of int) string {
	parts := make([]string, len(sums))
	for i, s := range sums {
		parts[i] = fmt.Sprintf("%s %.3g", b.l.Metrics[i], s/float64(of))
	}
	return strings.Join(parts, ", ")
}

// say writes a line of its own. The bar is drawn again below it with the next step.
func (b *bar) say(line string) {
	if b.bar != nil {
		_ = b.bar.Clear()
		b.shown = time.Time{}
	}
	fmt.Fprintln(b.w, line)
}

// finish clears the line.
func (b *bar) finish() {
	if b.bar != nil {
		_ = b.bar.Clear()
		b.bar = nil
	}
}
