package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/cascade-hpc/cascade/data/hdf5"
	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/recipes/calogan/shower"
	"github.com/cascade-hpc/cascade/recipes/internal/threads"
)

// simulation is what the flags of simulate say.
type simulation struct {
	events  int
	out     string
	seed    uint64
	threads int
	shower  shower.Config
}

func runSimulate(ctx context.Context, out io.Writer, args []string) error {
	var s simulation
	fs := cli.Flags("calogan simulate", "")
	fs.IntVar(&s.events, "events", 10_000, "`N` showers; 62.5 kB each")
	fs.StringVar(&s.out, "out", "showers.h5", "`FILE` to write; it appears when it is whole")
	fs.Uint64Var(&s.seed, "seed", 1, "`SEED`: the same one gives the same bits, whatever the number of threads")
	fs.Float64Var(&s.shower.EnergyMin, "emin", 10, "lowest primary energy, `GeV`")
	fs.Float64Var(&s.shower.EnergyMax, "emax", 500, "highest primary energy, `GeV`")
	n := threads.Flag(fs)
	if err := fs.ParseFlags(out, args); err != nil {
		return err
	}
	var err error
	if s.threads, err = threads.Use(*n); err != nil {
		return err
	}
	start := time.Now()
	if err := s.run(ctx); err != nil {
		return err
	}
	took := time.Since(start)
	fmt.Printf("%s: %d parameterised showers, %g to %g GeV, seed %d, in %.1f s (%.0f a second)\n", s.out, s.events,
		s.shower.EnergyMin, s.shower.EnergyMax, s.seed, took.Seconds(), float64(s.events)/took.Seconds())
	return nil
}

// run writes the file. When ctx ends first, nothing is left of it.
func (s simulation) run(ctx context.Context) (err error) {
	if s.events < 1 {
		return fmt.Errorf("%w: --events %d: at least 1 is needed", cli.ErrUsage, s.events)
	}
	if _, err := shower.New(s.shower); err != nil {
		return fmt.Errorf("%w: %w", cli.ErrUsage, err)
	}
	w, err := hdf5.Create(s.out, ecalField, source.Field{Name: targetName, Shape: []int{2}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Abort()) }() // does nothing after Close
	if err := s.describe(w); err != nil {
		return err
	}
	bar := cli.NewProgress(s.events, "simulating", "showers")
	err = shower.Generate(s.shower, s.events, s.seed, s.threads, func(_ int, ecal, target []float32) error {
		if ctx.Err() != nil {
			return fmt.Errorf("interrupted; %s is not written", s.out)
		}
		if err := w.Append(ecalField.Name, ecal); err != nil {
			return err
		}
		bar.Add(len(target) / 2)
		return w.Append(targetName, target)
	})
	bar.Finish()
	if err != nil {
		return err
	}
	return w.Close()
}

// describe says in the file where it came from: nobody shall take it for the
// output of a detector simulation.
func (s simulation) describe(w *hdf5.Writer) error {
	var errs []error
	for _, a := range []struct {
		name  string
		value any
	}{
		{"content", "parameterised electromagnetic showers (Grindhammer-Peters, hep-ex/0001020); not from Geant4"},
		{"calorimeter", "CLIC: 17 x 2.4 mm + 8 x 4.8 mm W, 0.5 mm Si, 5.1 mm pads; electrons at 90 degrees"},
		{"units", "GeV"},
		{"energy_min", s.shower.EnergyMin},
		{"energy_max", s.shower.EnergyMax},
		{"seed", fmt.Sprint(s.seed)}, // an attribute holds a signed number
	} {
		errs = append(errs, w.SetAttr(a.name, a.value))
	}
	return errors.Join(errs...)
}
