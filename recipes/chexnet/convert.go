package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/hdf5"
	"github.com/cascade-hpc/cascade/data/images"
	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/recipes/chexnet/nih"
)

// The files that convert writes, one for each of the official lists.
const (
	trainValFile = "train_val.h5"
	testFile     = "test.h5"
)

// convertBlock is the number of images that are handed on at a time.
const convertBlock = 32

// conversion is what the flags of convert say.
type conversion struct {
	images, out string
	size        int
	partial     bool
}

func runConvert(ctx context.Context, out io.Writer, args []string) error {
	var c conversion
	fs := cli.Flags("chexnet convert", `The folder has images/ (or images_001/images/ and so on), Data_Entry_2017.csv,
train_val_list.txt and test_list.txt, as the NIH publishes them. Each file has the data sets
image, labels (14 of uint8), patient and name, patient by patient in an order of its own.`)
	fs.StringVar(&c.images, "images", "", "`DIR` with the data set as it is published")
	fs.StringVar(&c.out, "out", "chestxray14", "`DIR` for "+trainValFile+" and "+testFile)
	fs.IntVar(&c.size, "size", 256, "store grey arrays of `N` x N bytes; 0 stores the PNG files as they are")
	fs.BoolVar(&c.partial, "partial", false, "leave out images that are not there, and say how many")
	if err := fs.ParseFlags(out, args); err != nil {
		return err
	}
	return c.run(ctx, out)
}

func (c conversion) run(ctx context.Context, out io.Writer) error {
	var err error
	switch {
	case c.images == "":
		err = errors.New("--images is missing; 'chexnet make' makes such a folder")
	case c.size < 0:
		err = fmt.Errorf("--size %d: it must not be negative", c.size)
	}
	if err != nil {
		return fmt.Errorf("%w: %w; 'chexnet convert -h' lists the flags", cli.ErrUsage, err)
	}
	set, err := nih.Open(c.images, nih.Options{Partial: c.partial})
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.out, 0o777); err != nil {
		return err
	}
	for _, part := range []struct {
		name    string
		entries []nih.Entry
	}{{trainValFile, set.TrainVal}, {testFile, set.Test}} {
		path := filepath.Join(c.out, part.name)
		if len(part.entries) == 0 {
			fmt.Fprintf(out, "%s: none of its images is there; it is not written\n", path)
			continue
		}
		if err := c.write(ctx, path, part.entries); err != nil {
			return err
		}
		fmt.Fprintf(out, "%s: %d images of %d patients\n", path, len(part.entries), countPatients(part.entries))
	}
	if set.Missing > 0 {
		fmt.Fprintf(out, "%d images of the lists are not there and were left out\n", set.Missing)
	}
	if set.Unlisted > 0 {
		fmt.Fprintf(out, "%d images of the table are in neither list\n", set.Unlisted)
	}
	return nil
}

func countPatients(entries []nih.Entry) int {
	seen := map[int64]bool{}
	for _, e := range entries {
		seen[e.Patient] = true
	}
	return len(seen)
}

// write writes one file. Images are read and decoded by several workers and come in
// order.
func (c conversion) write(ctx context.Context, path string, entries []nih.Entry) (err error) {
	p := data.From(nih.NewSource(entries)).Raw(nih.ImageField, nih.LabelsField, nih.NameField).Ints(nih.PatientField)
	if c.size > 0 {
		p = p.Map(images.View{Field: nih.ImageField, Height: c.size, Width: c.size, Grey: true}, 0)
	}
	l, err := p.Batch(convertBlock, data.Pad).Loader()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	w, err := hdf5.Create(path, l.Fields()...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Abort()) }() // does nothing after Close
	if err := c.describe(w); err != nil {
		return err
	}
	bar := cli.NewProgress(len(entries), filepath.Base(path), "images")
	defer bar.Finish()
	var rows source.Columns
	for b, err := range l.Epoch(ctx) {
		if err != nil && ctx.Err() != nil {
			return fmt.Errorf("interrupted; %s is not written", path)
		}
		if err != nil {
			return err
		}
		gather(&rows, b)
		if err := w.AppendColumns(&rows); err != nil {
			return err
		}
		bar.Add(b.Valid)
	}
	return w.Close()
}

// gather copies the rows of a batch that count. Only the last ones of all do not.
func gather(rows *source.Columns, b *data.Batch) {
	rows.Reset(b.Fields(), b.Valid)
	for i, f := range b.Fields() {
		if f.Kind != source.Bytes {
			copy(rows.All(i), b.Stored(f.Name))
			continue
		}
		for slot := range b.Valid {
			rows.Append(i, b.Bytes(f.Name, slot))
		}
	}
}

// describe says in the file what it holds.
func (c conversion) describe(w *hdf5.Writer) error {
	form := "PNG files"
	if c.size > 0 {
		form = fmt.Sprintf("grey, (1, %d, %d), 0 is black", c.size, c.size)
	}
	return errors.Join(
		w.SetAttr("content", "chest radiographs in the layout of ChestX-ray14 (arXiv:1705.02315)"),
		w.SetAttr("from", c.images),
		w.SetFieldAttr(nih.ImageField, "form", form),
		w.SetFieldAttr(nih.LabelsField, "findings", strings.Join(nih.Findings[:], "|")),
	)
}
