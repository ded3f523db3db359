package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/internal/cli"
)

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
	err = source.Scan(ctx, in.src, func(rows source.Range, c *source.Columns) error {
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
	err := in.copyAttrs("", in.first.attrs, w.SetAttr)
	for _, s := range in.first.sets {
		if _, missing := source.Find(in.src.Fields(), s.name); missing != nil || err != nil {
			continue
		}
		err = in.copyAttrs(fmt.Sprintf(" of %q", s.name), s.attrs, func(name string, value any) error {
			return w.SetFieldAttr(s.name, name, value)
		})
	}
	return err
}

// copyAttrs sets those attributes that could be read.
func (in *input) copyAttrs(of string, attrs []attr, set func(name string, value any) error) error {
	for _, a := range attrs {
		if a.err != nil {
			in.lost = append(in.lost, fmt.Sprintf("attribute %q%s: %v", a.name, of, a.err))
			continue
		}
		if err := set(a.name, a.value); err != nil {
			return err
		}
	}
	return nil
}
