package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/internal/cli"
)

func runRepack(ctx context.Context, out io.Writer, args []string) error {
	fs := cli.Flags("h5 repack IN OUT", `Writes a file again with its rows whole, in blocks that suit training, checksummed
and without compression unless asked for, and measures what is gained: rows a
second of both files, read in order, shuffled as in training, and one by one at
random. The measurement takes some seconds and is of files in memory: a disk or
a network file system adds the time for the bytes that a row reads.`)
	var s storage
	s.flags(fs)
	files, err := fs.Parse(out, args)
	if err != nil {
		return err
	}
	if len(files) != 2 {
		return fmt.Errorf("%w: name a file to read and one to write", cli.ErrUsage)
	}
	from, to := files[0], files[1]
	if err := s.check(to); err != nil {
		return err
	}
	in, err := open([]string{from}, "")
	if err != nil {
		return err
	}
	defer in.src.Close()
	if err := in.write(ctx, s, to); err != nil {
		return err
	}
	var fields []string
	for _, f := range in.src.Fields() {
		fields = append(fields, f.Name)
	}
	after, err := data.OpenSource(fields, to)
	if err != nil {
		return err
	}
	defer after.Close()
	a, err := measure(ctx, in.src)
	if err != nil {
		return err
	}
	b, err := measure(ctx, after)
	if err != nil {
		return err
	}
	if err := printGain(out, from, a, to, b); err != nil {
		return err
	}
	for _, l := range in.lost {
		fmt.Fprintf(out, "left out: %s\n", l)
	}
	return nil
}

// printGain compares the rates of two files.
func printGain(out io.Writer, from string, a rates, to string, b rates) error {
	w := tabwriter.NewWriter(out, 0, 0, 3, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "rows/s\tin order\tshuffled\tone at random\treads for it\t\n")
	for _, f := range []struct {
		name string
		rates
	}{{from, a}, {to, b}} {
		fmt.Fprintf(w, "%s\t%.0f\t%.0f\t%.0f\t%s\t\n", f.name, f.ordered, f.shuffled, f.random, bytesText(f.rowCost))
	}
	fmt.Fprintf(w, "gain\t%sx\t%sx\t%sx\t%sx\t\n", significant(b.ordered/a.ordered), significant(b.shuffled/a.shuffled),
		significant(b.random/a.random), significant(float64(a.rowCost)/float64(max(b.rowCost, 1))))
	return w.Flush()
}
