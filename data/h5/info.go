package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/internal/cli"
)

func runInfo(ctx context.Context, out io.Writer, args []string) error {
	fs := cli.Flags("h5 info FILE...", `Lists what is in files, without reading the rows: the data sets with their shapes
(rows first) and types, in which pieces they are stored and through which filters,
attributes, and what cannot be read and why. For every data set it says how much
of the file is read when one row is picked at random.`)
	patterns, err := fs.Parse(out, args)
	if err != nil {
		return err
	}
	paths, err := operands(patterns)
	if err != nil {
		return err
	}
	var errs []error
	for _, path := range paths {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		f, err := inspect(path)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		f.print(out)
	}
	return errors.Join(errs...)
}

// operands are the files that patterns stand for, at least one.
func operands(patterns []string) ([]string, error) {
	if len(patterns) == 0 {
		return nil, fmt.Errorf("%w: name a file", cli.ErrUsage)
	}
	return source.Glob(patterns...)
}

func (f *file) print(out io.Writer) {
	fmt.Fprintf(out, "%s: %s, %s, %s\n", f.path, f.format, count(len(f.sets), "data sets"), bytesText(f.bytes))
	printAttrs(out, "  ", f.attrs)
	for _, s := range f.sets {
		if s.err != nil {
			fmt.Fprintf(out, "  %s %s: cannot be read: %v\n", s.name, s.typeName, s.err)
			continue
		}
		fmt.Fprintf(out, "  %s %s %s\n", s.name, s.typeName, source.Tuple(s.shape))
		fmt.Fprintf(out, "      %s\n      %s\n", s.storage(), s.cost())
		for _, a := range s.advice() {
			fmt.Fprintf(out, "      %s\n", a)
		}
		printAttrs(out, "      ", s.attrs)
	}
}

func printAttrs(out io.Writer, indent string, attrs []attr) {
	for _, a := range attrs {
		switch v := a.value.(type) {
		case nil:
			fmt.Fprintf(out, "%s@%s: not read: %v\n", indent, a.name, a.err)
		case string:
			fmt.Fprintf(out, "%s@%s = %q\n", indent, a.name, v)
		default:
			fmt.Fprintf(out, "%s@%s = %v\n", indent, a.name, v)
		}
	}
}

// storage says in which pieces a data set is stored.
func (s set) storage() string {
	var parts []string
	if s.blocks.rows == 0 {
		parts = append(parts, "in one piece")
	} else {
		piece := fmt.Sprintf("blocks of %s", count(s.blocks.rows, "rows"))
		if s.blocks.bytes > 0 {
			piece += ", " + bytesText(s.blocks.bytes)
		}
		parts = append(parts, piece)
	}
	if len(s.blocks.filters) > 0 {
		parts = append(parts, strings.Join(s.blocks.filters, ", "))
	}
	text := bytesText(s.stored) + " stored"
	if whole := s.rowBytes() * int64(s.rows()); whole > 0 && s.stored > 0 {
		text += fmt.Sprintf(" for %s (ratio %s)", bytesText(whole), significant(float64(whole)/float64(s.stored)))
	}
	return strings.Join(append(parts, text), "; ")
}

// cost says what a row at random takes.
func (s set) cost() string {
	text := "a row at random reads " + bytesText(s.rowCost())
	if row := s.rowBytes(); row > 0 {
		text = fmt.Sprintf("a row is %s; at random it reads %s", bytesText(row), bytesText(s.rowCost()))
	}
	if s.checked == "" {
		return text + "; no checksum: a flipped bit would be read as data"
	}
	return text + "; checked by " + s.checked
}

// Blocks that a shuffle handles well: large enough to be read at full speed, small
// enough that a budget of memory holds many.
const (
	smallBlock = 64 << 10
	largeBlock = 8 << 20
)

// advice says what about the storage slows training down.
func (s set) advice() []string {
	var out []string
	b := s.blocks
	if b.across > 1 {
		out = append(out, fmt.Sprintf("! a row is spread over %d blocks; h5 repack keeps rows whole", b.across))
	}
	if b.bytes > largeBlock && len(b.filters) > 0 {
		out = append(out, fmt.Sprintf("! blocks of %s leave a shuffle few to choose from; h5 repack makes smaller ones", bytesText(b.bytes)))
	}
	if total := s.rowBytes() * int64(s.rows()); b.bytes > 0 && b.bytes < smallBlock && total > 64*smallBlock {
		out = append(out, fmt.Sprintf("! blocks of %s are many small reads; h5 repack makes larger ones", bytesText(b.bytes)))
	}
	return out
}
