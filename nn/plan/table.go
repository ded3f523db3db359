package plan

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/cascade-hpc/cascade/nn/schedule"
)

// Table writes a row for each segment: its length, the learning rate of its first step,
// its highest and that of its last, and the rest as published tables have it. Its end is
// a member of the ensemble, a snapshot that is none, or kept for a later segment.
func (t *Timeline) Table(w io.Writer) error {
	var b strings.Builder
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "phase\tepochs\tsteps\tfrom step\trate first\tpeak\tlast\tdecay\tmomentum\taugment\tweights from\tend")
	for _, s := range t.segments {
		_, peak := bounds(s.LR, s.Length)
		fmt.Fprintf(table, "%s\t%.4g\t%d\t%d\t%.5g\t%.5g\t%.5g\t%.4g\t%s\t%s\t%s\t%s\n",
			s.Name, t.epochs(s.Length), s.Length, s.First, s.LR.At(0), peak, s.LR.At(s.Length-1),
			s.WeightDecay, s.momentum(), s.Augment, s.from(), s.end())
	}
	table.Flush() // into memory, which does not fail
	var text strings.Builder
	fmt.Fprintf(&text, "%s: %d steps, %.4g epochs of %d\n", t.name, t.Steps(), t.epochs(t.Steps()), t.epoch)
	for line := range strings.Lines(b.String()) {
		fmt.Fprintln(&text, strings.TrimRight(line, " \n"))
	}
	if _, err := io.WriteString(w, text.String()); err != nil {
		return fmt.Errorf("plan %q: table: %w", t.name, err)
	}
	return nil
}

// bounds are the lowest and the highest value of a law. Of more steps than a million
// some are left out.
func bounds(law schedule.Law, length uint64) (low, high float64) {
	const most = 1 << 20
	low, high = law.At(0), law.At(0)
	for at := range schedule.Samples(length, most) {
		v := law.At(at)
		low, high = min(low, v), max(high, v)
	}
	return low, high
}

func (s Segment) momentum() string {
	low, high := bounds(s.Momentum, s.Length)
	if low == high {
		return fmt.Sprintf("%.4g", low)
	}
	return fmt.Sprintf("%.4g-%.4g", low, high)
}

// from says where the weights come from, and whether the optimiser forgets.
func (s Segment) from() string {
	switch {
	case s.From == "":
		return Initial
	case s.ResetOptimizer:
		return s.From + ", no momentum"
	}
	return s.From
}

// end says what becomes of the network at the end.
func (s Segment) end() string {
	var words []string
	switch {
	case s.Member:
		words = append(words, "member")
	case s.Snapshot:
		words = append(words, "snapshot")
	}
	if s.Keep {
		words = append(words, "kept")
	}
	if s.Average > 0 {
		words = append(words, fmt.Sprintf("average of every %s", count(float64(s.Average), "step")))
	}
	return strings.Join(words, ", ")
}
