package train

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/cascade-hpc/cascade/internal/atomicfile"
)

// rows is what a training reports of each epoch: rows on the screen and in a CSV
// file.
type rows struct {
	out    io.Writer
	total  string // epochs of the training
	unit   string
	names  []string // of the values
	waits  bool     // there is a share of waiting to report
	steps  int      // of an epoch
	phases int      // width of the longest name of a phase; 0 without a plan
	path   string   // of the CSV file; "" for none
	table  [][]string
	header bool // was printed
}

// openRows begins a report, with the rows of earlier epochs if the loop goes on.
func openRows(l *Loop, out io.Writer) (*rows, error) {
	r := &rows{out: out, total: strconv.Itoa(l.Epochs), steps: l.Steps, unit: l.Unit, path: l.Log, waits: l.Data != nil}
	if r.unit == "" {
		r.unit = "samples"
	}
	r.names = l.names()
	head := []string{"epoch", "step"}
	if l.Plan != nil {
		head = append(head, "phase", "lr")
		r.phases = len("phase")
		r.total = epochs(float64(l.Plan.Steps()) / float64(l.Steps))
		for _, s := range l.Plan.Segments() {
			r.phases = max(r.phases, len(s.Name))
		}
	}
	head = append(append(head, r.names...), r.unit+"/s", "seconds")
	if r.waits {
		head = append(head, "wait")
	}
	r.table = [][]string{head}
	reported := l.State.Position.Total - uint64(l.State.done)
	if l.Log == "" || reported == 0 {
		return r, nil
	}
	old, err := readCSV(l.Log)
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	if err != nil {
		return nil, err
	}
	if len(old) > 0 && !slices.Equal(old[0], head) {
		return nil, fmt.Errorf("%s: its columns are %q, and those of this training %q: another name for the log keeps both", l.Log, old[0], head)
	}
	for i, row := range old {
		total, err := strconv.ParseUint(row[1], 10, 64)
		if i == 0 || err != nil || total > reported {
			continue // the header, or what comes after the checkpoint and is done again
		}
		r.table = append(r.table, row)
	}
	return r, nil
}

func readCSV(path string) ([][]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	table, err := csv.NewReader(f).ReadAll()
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return table, nil
}

// row is what is reported of an epoch, or of a part of it.
type row struct {
	at     Position
	phase  string // of a plan
	lr     float64
	values []float64
	rate   float64 // samples a second
	took   time.Duration
	wait   float64 // share of it, from 0 to 1
}

// epoch is the number of epochs done, with a fraction where a phase ends within one.
func (r *rows) epoch(at Position) string {
	return epochs(float64(at.Epoch) + float64(at.Step)/float64(r.steps))
}

func epochs(n float64) string { return strconv.FormatFloat(n, 'g', 5, 64) }

// add reports an epoch.
func (r *rows) add(e row) error {
	fields := []string{r.epoch(e.at), strconv.FormatUint(e.at.Total, 10)}
	if r.phases > 0 {
		fields = append(fields, e.phase, strconv.FormatFloat(e.lr, 'g', 7, 64))
	}
	for _, v := range e.values {
		fields = append(fields, strconv.FormatFloat(v, 'g', 7, 64))
	}
	fields = append(fields, strconv.FormatFloat(e.rate, 'f', 1, 64), strconv.FormatFloat(e.took.Seconds(), 'f', 1, 64))
	if r.waits {
		fields = append(fields, strconv.FormatFloat(e.wait, 'f', 4, 64))
	}
	r.table = append(r.table, fields)
	r.print(e)
	if r.path == "" {
		return nil
	}
	return atomicfile.Write(r.path, func(w io.Writer) error { return csv.NewWriter(w).WriteAll(r.table) })
}

// print writes the row to the screen, below a header the first time.
func (r *rows) print(e row) {
	if !r.header {
		r.header = true
		r.printHeader()
	}
	fmt.Fprintf(r.out, "%*s", r.epochWidth(), r.epoch(e.at)+"/"+r.total)
	if r.phases > 0 {
		fmt.Fprintf(r.out, "  %*s  %9.3g", r.phases, e.phase, e.lr)
	}
	for i, v := range e.values {
		fmt.Fprintf(r.out, "  %*.4g", width(r.names[i]), v)
	}
	fmt.Fprintf(r.out, "  %*.0f  %7s", max(9, len(r.unit)+2), e.rate, e.took.Round(time.Second))
	if r.waits {
		fmt.Fprintf(r.out, "  %5.1f%%", 100*e.wait)
	}
	fmt.Fprintln(r.out)
}

func (r *rows) printHeader() {
	fmt.Fprintf(r.out, "%*s", r.epochWidth(), "epoch")
	if r.phases > 0 {
		fmt.Fprintf(r.out, "  %*s  %9s", r.phases, "phase", "lr")
	}
	for _, n := range r.names {
		fmt.Fprintf(r.out, "  %*s", width(n), n)
	}
	fmt.Fprintf(r.out, "  %9s  %7s", r.unit+"/s", "time")
	if r.waits {
		fmt.Fprintf(r.out, "  %6s", "waits")
	}
	fmt.Fprintln(r.out)
}

// epochWidth is that of the last epoch's "N/N", or of a fraction of it.
func (r *rows) epochWidth() int {
	if r.phases > 0 {
		return max(9, 2*len(r.total)+4)
	}
	return max(7, 2*len(r.total)+1)
}

// width is enough for the name and for numbers such as 1.234e-05.
func width(name string) int { return max(len(name), 9) }
