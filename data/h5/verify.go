package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/hdf5"
	"github.com/cascade-hpc/cascade/data/shard"
	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/internal/cli"
)

func runVerify(ctx context.Context, out io.Writer, args []string) error {
	fs := cli.Flags("h5 verify FILE...", `Reads every row of every data set, so that every checksum is compared. It says how
many numbers are NaN or infinite, how fast reading was, and which data sets have
no checksum, so that damage to them cannot be found. HDF5 files are read twice, the
first time in a process of their own, because libhdf5 may crash on a damaged one.
The exit status is 1 if anything is damaged.`)
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
		if err := verify(ctx, out, path); err != nil {
			fmt.Fprintf(out, "%s: DAMAGED or unreadable\n", path)
			errs = append(errs, err)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return errors.Join(errs...)
}

// verify reads a file and reports on each data set. libhdf5 may crash on a damaged
// file, so a child process reads it first.
func verify(ctx context.Context, out io.Writer, path string) error {
	is, err := shard.Is(path)
	if err != nil {
		return err
	}
	var unchecked, unwritten []string
	if !is {
		found, err := hdf5.Strict{}.Verify(ctx, path)
		if err != nil {
			return err
		}
		unchecked, unwritten = found[0].Unchecked, found[0].Unwritten
	}
	f, err := inspect(path)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s: %s, %s\n", f.path, f.format, bytesText(f.bytes))
	var errs []error
	for _, s := range f.sets {
		if slices.Contains(unchecked, s.name) { // in parts, for all its filters
			s.checked = ""
		}
		switch {
		case errors.Is(s.err, source.ErrCorrupt):
			errs = append(errs, fmt.Errorf("%s: data set %q: %w", path, s.name, s.err))
		case s.err != nil:
			fmt.Fprintf(out, "  %s: not read: %v\n", s.name, s.err)
		case slices.Contains(unwritten, s.name):
			fmt.Fprintf(out, "  %s: %s that were never written: all hold the same value\n", s.name, count(s.rows(), "rows"))
		default:
			errs = append(errs, verifySet(ctx, out, path, s))
		}
	}
	return errors.Join(errs...)
}

// verifySet reads a data set.
func verifySet(ctx context.Context, out io.Writer, path string, s set) error {
	src, err := data.OpenSource([]string{s.name}, path)
	if err != nil {
		return err
	}
	defer src.Close()
	bar := cli.NewProgress(src.Rows(), s.name, "rows")
	defer bar.Finish()
	var found notFinite
	bytes, start := int64(0), time.Now()
	err = source.Scan(ctx, src, func(rows source.Range, c *source.Columns) error {
		if kind := c.Fields()[0].Kind; kind != source.Bytes {
			found.count(c.All(0), kind)
		}
		bytes += c.Bytes()
		bar.Add(rows.Len())
		return nil
	})
	if err != nil {
		return err
	}
	rate := float64(bytes) / 1e6 / time.Since(start).Seconds()
	fmt.Fprintf(out, "  %s: %s, %s, %s MB/s; %s; %s\n", s.name, count(src.Rows(), "rows"), bytesText(bytes), significant(rate), found, s.trust())
	return nil
}

// trust says whether having read a data set means anything.
func (s set) trust() string {
	if s.checked == "" {
		return "no checksum: damage would not be noticed"
	}
	return "checked by " + s.checked
}
