package dataset

import (
	"context"
	"errors"
	"fmt"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/source"
)

// place is where some images and their labels are.
type place struct {
	name         string // for messages
	image, label string // fields
	read         func(fields ...string) (source.Source, error)
}

// part is a place that is open.
type part struct {
	place
	src    source.Source
	split  data.Split // nil for all rows
	layout layout
}

func (p place) open() (*part, error) {
	src, err := p.read(p.image, p.label)
	if err != nil {
		return nil, err
	}
	o := &part{place: p, src: src}
	if err := o.check(); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", p.name, err), src.Close())
	}
	return o, nil
}

// check finds fields that are neither images nor labels.
func (p *part) check() error {
	i, err := source.Find(p.src.Fields(), p.image)
	if err != nil {
		return err
	}
	if p.layout, err = layoutOf(p.src.Fields()[i]); err != nil {
		return err
	}
	if i, err = source.Find(p.src.Fields(), p.label); err != nil {
		return err
	}
	if f := p.src.Fields()[i]; f.Kind == source.Bytes || f.Size() != 1 {
		return fmt.Errorf("%v: %w: a label is a single number", f, source.ErrShape)
	}
	return nil
}

// classes is one more than the largest label, and checks all of them. It reads nothing
// else.
func (p *part) classes(ctx context.Context) (n int, err error) {
	src, err := p.read(p.label)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, src.Close()) }()
	const rows = 4096
	l, err := data.From(src).Ints(p.label).Batch(rows, data.Pad).Loader()
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	const most = 1 << 24 // a float32 counts no further
	for b, err := range l.Epoch(ctx) {
		if err != nil {
			return 0, err
		}
		for slot, v := range b.Int64(p.label)[:b.Valid] {
			if v < 0 || v >= most {
				return 0, fmt.Errorf("%s: %w: the label %d; classes count from 0", src.Locate(p.label, b.Rows[slot]), source.ErrRange, v)
			}
			n = max(n, int(v)+1)
		}
	}
	return n, nil
}

// pipeline begins one of images and labels.
func (p *part) pipeline() data.Pipeline {
	l := data.From(p.src)
	if p.layout.asStored {
		l = l.Raw(p.image)
	} else {
		l = l.Fields(p.image)
	}
	if l = l.Fields(p.label); p.split != nil {
		l = l.Split(p.split)
	}
	return l
}

func (p *part) close() error {
	if p == nil {
		return nil
	}
	return p.src.Close()
}
