package schedule

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// Table writes the values of laws at chosen steps, a row a step and a column a law, and
// first what the laws are.
func Table(w io.Writer, steps []uint64, laws ...Law) error {
	if err := checkAll(laws); err != nil {
		return err
	}
	var b strings.Builder
	for i, law := range laws {
		fmt.Fprintf(&b, "(%d) %v\n", i+1, law)
	}
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "step\t")
	for i := range laws {
		fmt.Fprintf(t, "(%d)\t", i+1)
	}
	fmt.Fprintln(t)
	for _, step := range steps {
		fmt.Fprintf(t, "%d\t", step)
		for _, law := range laws {
			fmt.Fprintf(t, "%.7g\t", law.At(step))
		}
		fmt.Fprintln(t)
	}
	t.Flush() // into memory, which does not fail
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("schedule: table: %w", err)
	}
	return nil
}

func checkAll(laws []Law) error {
	for i, law := range laws {
		if err := Check(law); err != nil {
			return fmt.Errorf("law %d: %w", i+1, err)
		}
	}
	return nil
}
