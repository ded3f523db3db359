package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/internal/cli"
)

func runConvert(ctx context.Context, out io.Writer, args []string) error {
	fs := cli.Flags("h5 convert IN... OUT", `Writes the rows of files, one file after the other in alphabetical order, into one
file OUT: HDF5 if it ends in .h5 or .hdf5, Cascade's own format if in .shard.
Types stay as they are; attributes are those of the first file. OUT appears when
it is whole; Ctrl-C leaves nothing.

IN are HDF5 files or shards, or with --from FORMAT

`+originHelp())
	var s storage
	s.flags(fs)
	var o openFlags
	o.flags(fs)
	files, err := fs.Parse(out, args)
	if err != nil {
		return err
	}
	if len(files) < 2 {
		return fmt.Errorf("%w: name a file to read and one to write", cli.ErrUsage)
	}
	to := files[len(files)-1]
	if err := s.check(to); err != nil {
		return err
	}
	in, err := openFrom(o, files[:len(files)-1])
	if err != nil {
		return err
	}
	defer in.src.Close()
	start := time.Now()
	if err := in.write(ctx, s, to); err != nil {
		return err
	}
	info, err := os.Stat(to)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s: %s of %s, %s, in %s\n", to, count(in.src.Rows(), "rows"), names(in.src.Fields()), bytesText(info.Size()), time.Since(start).Round(10*time.Millisecond))
	for _, l := range in.lost {
		fmt.Fprintf(out, "left out: %s\n", l)
	}
	return nil
}

// input is files to copy.
type input struct {
	paths []string
	src   source.Source
	first *file    // what the first of them says of itself; nothing in other formats
	lost  []string // what cannot be copied, for people
}

// openFrom opens files of any format.
func openFrom(o openFlags, files []string) (*input, error) {
	if o.format == "" {
		return open(files, o.fields)
	}
	if o.fields != "" && o.format != "tfrecord" {
		return nil, fmt.Errorf("%w: --fields is of HDF5, shards and tfrecord; --from %s takes all", cli.ErrUsage, o.format)
	}
	origin, err := findOrigin(o.format)
	if err != nil {
		return nil, err
	}
	paths, err := source.Glob(files...)
	if err != nil {
		return nil, err
	}
	in := &input{paths: paths, first: &file{}}
	in.src, err = origin.open(o, files)
	return in, err
}

// open opens files, with the fields in a list with commas, or all.
func open(patterns []string, fields string) (*input, error) {
	paths, err := source.Glob(patterns...)
	if err != nil {
		return nil, err
	}
	first, err := inspect(paths[0])
	if err != nil {
		return nil, err
	}
	in := &input{paths: paths, first: first}
	var wanted []string
	if fields != "" {
		wanted = strings.Split(fields, ",")
	} else if wanted, err = first.readable(); err != nil {
		return nil, err
	}
	for _, s := range first.sets {
		if s.err != nil && fields == "" {
			in.lost = append(in.lost, fmt.Sprintf("%s: %v", s.name, s.err))
		}
	}
	in.src, err = data.OpenSource(wanted, paths...)
	return in, err
}

func names(fields []source.Field) string {
	var out []string
	for _, f := range fields {
		out = append(out, f.Name)
	}
	return strings.Join(out, ", ")
}

// write copies all rows and the attributes to a file.
func (in *input) write(ctx context.Context, s storage, to string) error {
	if err := in.differs(to); err != nil {
		return err
	}
	w, err := s.create(to, in.src.Fields())
	if err != nil {
		return err
	}
	defer w.abort()
	bar := cli.NewProgress(in.src.Rows(), "writing", "rows")
	defer bar.Finish()
	err = scan(ctx, in.src, func(rows source.Range, c *source.Columns) error {
		bar.Add(rows.Len())
		return w.AppendColumns(c)
	})
	if err != nil {
		return err
	}
	if err := in.writeAttrs(w); err != nil {
		return err
	}
	return w.Close()
}

// differs keeps a file from being replaced by a copy of some of its data sets.
func (in *input) differs(to string) error {
	b, err := os.Stat(to)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, path := range in.paths {
		if a, err := os.Stat(path); err == nil && os.SameFile(a, b) {
			return fmt.Errorf("%w: %s is read and cannot be written, too", cli.ErrUsage, path)
		}
	}
	return nil
}

// writeAttrs copies the attributes of the first file.
func (in *input) writeAttrs(w output) error {
	for _, a := range in.first.attrs {
		if a.err != nil {
			in.lost = append(in.lost, fmt.Sprintf("attribute %q: %v", a.name, a.err))
		} else if err := w.SetAttr(a.name, a.value); err != nil {
			return err
		}
	}
	for _, f := range in.src.Fields() {
		for _, s := range in.first.sets {
			if s.name != f.Name {
				continue
			}
			for _, a := range s.attrs {
				if a.err != nil {
					in.lost = append(in.lost, fmt.Sprintf("attribute %q of %q: %v", a.name, s.name, a.err))
				} else if err := w.SetFieldAttr(s.name, a.name, a.value); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
