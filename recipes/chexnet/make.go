package main

import (
	"context"
	"errors"
	"fmt"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/cascade-hpc/cascade/internal/atomicfile"
	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/internal/philox"
	"github.com/cascade-hpc/cascade/recipes/chexnet/nih"
	"github.com/cascade-hpc/cascade/recipes/chexnet/phantom"
)

// making is what the flags of make say.
type making struct {
	out      string
	patients int
	size     int
	rate     float64
	seed     uint64
}

// A patient has from 1 to mostImages images, and one patient in testOneIn, the last of
// them, is to be tested on.
const (
	mostImages = 3
	testOneIn  = 4
)

func runMake(ctx context.Context, out io.Writer, args []string) error {
	var m making
	fs := cli.Flags("chexnet make", `The images are drawn: two lungs, a heart, and a shape for each finding. They show that
a training works, and nothing else. The folder appears when it is whole.`)
	fs.StringVar(&m.out, "out", "made", "`DIR` to make")
	fs.IntVar(&m.patients, "patients", 600, "`N` patients, of 1 to 3 images")
	fs.IntVar(&m.size, "size", 256, "images are `N` x N pixels; those of ChestX-ray14 are 1024 x 1024")
	fs.Float64Var(&m.rate, "rate", 0.15, "`SHARE` of the images that have a finding, for each of the fourteen")
	fs.Uint64Var(&m.seed, "seed", 1, "`SEED`: the same one gives the same bytes")
	if err := fs.ParseFlags(out, args); err != nil {
		return err
	}
	images, err := m.run(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s: %d drawn images of %d patients, seed %d\n", m.out, images, m.patients, m.seed)
	return err
}

// run makes the folder under another name first, and says how many images it has.
func (m making) run(ctx context.Context) (images int, err error) {
	switch _, there := os.Lstat(m.out); {
	case m.patients < testOneIn:
		err = fmt.Errorf("--patients %d: there must be at least %d, for one to test on", m.patients, testOneIn)
	case m.size < 32:
		err = fmt.Errorf("--size %d: on less than 32 x 32 pixels there is nothing to see", m.size)
	case !(m.rate > 0 && m.rate < 1):
		err = fmt.Errorf("--rate %g: it must lie between 0 and 1", m.rate)
	case there == nil:
		err = fmt.Errorf("--out %s: there is something of that name already", m.out)
	}
	if err != nil {
		return 0, fmt.Errorf("%w: %w", cli.ErrUsage, err)
	}
	temp := atomicfile.Temp(m.out)
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }() // nothing is there after Rename
	if err := os.MkdirAll(filepath.Join(temp, "images"), 0o777); err != nil {
		return 0, err
	}
	records := m.records(ctx)
	if err := m.write(temp, records); err != nil {
		return 0, err
	}
	if err := m.draw(ctx, filepath.Join(temp, "images"), records); err != nil {
		return 0, err
	}
	return len(records), os.Rename(temp, m.out)
}

// records draws who has which images with which findings, until the end of ctx.
func (m making) records(ctx context.Context) []nih.Record {
	const ofRecords = 1<<64 - 1 // no patient's stream
	r := philox.NewStream(m.seed, ofRecords)
	var all []nih.Record
	for p := range m.patients {
		if ctx.Err() != nil {
			break
		}
		for k := range 1 + r.Intn(mostImages) {
			x := nih.Record{Image: fmt.Sprintf("%08d_%03d.png", p+1, k), FollowUp: k, Patient: int64(p + 1)}
			for i := range x.Labels {
				if r.Float64() < m.rate {
					x.Labels[i] = 1
				}
			}
			all = append(all, x)
		}
	}
	return all
}

// write writes the table and the lists.
func (m making) write(dir string, records []nih.Record) error {
	var trainVal, test []string
	for _, r := range records {
		if r.Patient > int64(m.patients-m.patients/testOneIn) {
			test = append(test, r.Image)
		} else {
			trainVal = append(trainVal, r.Image)
		}
	}
	return errors.Join(
		nih.WriteTable(dir, records, m.size),
		nih.WriteList(dir, nih.TrainValList, trainVal),
		nih.WriteList(dir, nih.TestList, test),
	)
}

// draw makes the images with all processors. The first error ends it, and so does the
// end of ctx.
func (m making) draw(ctx context.Context, dir string, records []nih.Record) error {
	bar := cli.NewProgress(len(records), "drawing", "images")
	defer bar.Finish()
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	work := make(chan nih.Record)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for r := range work {
				if err := m.image(filepath.Join(dir, r.Image), r); err != nil {
					fail(err)
				}
				bar.Add(1)
			}
		})
	}
	for _, r := range records {
		if ctx.Err() != nil {
			break
		}
		work <- r
	}
	close(work)
	workers.Wait()
	if err := context.Cause(ctx); err != nil {
		return fmt.Errorf("%w; %s is not made", err, m.out)
	}
	return nil
}

// image draws one file. It needs no name of its own while it is written, since its
// folder has none yet.
func (m making) image(path string, r nih.Record) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	img := phantom.Draw(m.size, phantom.Subject{Patient: r.Patient, FollowUp: r.FollowUp, Labels: r.Labels}, m.seed)
	return errors.Join(png.Encode(f, img), f.Close())
}
