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
	"github.com/cascade-hpc/cascade/internal/philox"
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/recipes/calogan/gan"
	"github.com/cascade-hpc/cascade/recipes/calogan/shower"
	"github.com/cascade-hpc/cascade/recipes/internal/threads"
)

// presetKey is the metadata of a model file that names its preset.
const presetKey = "preset"

// generation is what the flags of generate say.
type generation struct {
	model, out string
	events     int
	batch      int
	seed       uint64
	emin, emax float64
}

func runGenerate(ctx context.Context, out io.Writer, args []string) error {
	var g generation
	fs := cli.Flags("calogan generate", "")
	fs.StringVar(&g.model, "model", "out/calogan/model.safetensors", "`FILE` of the generator, as train writes it")
	fs.IntVar(&g.events, "events", 2000, "`N` showers")
	fs.StringVar(&g.out, "out", "generated.h5", "`FILE` to write; it appears when it is whole")
	fs.IntVar(&g.batch, "batch", 64, "`N` showers at a time")
	fs.Uint64Var(&g.seed, "seed", 1, "`SEED`: the same one gives the same bits, whatever the number of threads")
	fs.Float64Var(&g.emin, "emin", 10, "lowest primary energy, `GeV`")
	fs.Float64Var(&g.emax, "emax", 500, "highest primary energy, `GeV`; equal to --emin for one energy")
	n := threads.Flag(fs)
	if err := fs.ParseFlags(out, args); err != nil {
		return err
	}
	if _, err := threads.Use(*n); err != nil {
		return err
	}
	if err := g.check(); err != nil {
		return err
	}
	start := time.Now()
	preset, err := g.run(ctx)
	if err != nil {
		return err
	}
	took := time.Since(start).Seconds()
	fmt.Printf("%s: %d showers of the %s network in %s, %g to %g GeV, seed %d, in %.1f s (%.0f a second)\n",
		g.out, g.events, preset, g.model, g.emin, g.emax, g.seed, took, float64(g.events)/took)
	return nil
}

func (g generation) check() error {
	switch {
	case g.events < 1:
		return fmt.Errorf("%w: --events %d: at least 1 is needed", cli.ErrUsage, g.events)
	case g.batch < 1:
		return fmt.Errorf("%w: --batch %d: at least 1 is needed", cli.ErrUsage, g.batch)
	case !(g.emin > 0 && g.emin <= g.emax):
		return fmt.Errorf("%w: --emin %g --emax %g: they must be positive and in order", cli.ErrUsage, g.emin, g.emax)
	}
	return nil
}

// run makes the showers and writes the file. When ctx ends first, nothing is left of
// it. It returns the name of the model's preset.
func (g generation) run(ctx context.Context) (preset string, err error) {
	p, net, err := loadGenerator(g.model)
	if err != nil {
		return "", err
	}
	maker, err := gan.NewMaker(p, net, g.batch, g.seed)
	if err != nil {
		return "", err
	}
	defer maker.Close()
	w, err := hdf5.Create(g.out, ecalField, source.Field{Name: targetName, Shape: []int{2}})
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, w.Abort()) }() // does nothing after Close
	if err := g.describe(w, p); err != nil {
		return "", err
	}
	if err := g.fill(ctx, w, maker); err != nil {
		return "", err
	}
	return p.Name, w.Close()
}

// fill appends the showers, batch by batch.
func (g generation) fill(ctx context.Context, w *hdf5.Writer, maker *gan.Maker) error {
	bar := cli.NewProgress(g.events, "generating", "showers")
	defer bar.Finish()
	r := philox.NewStream(g.seed, 0)
	cells := make([]float32, g.batch*shower.Cells)
	energies, target := make([]float32, g.batch), make([]float32, 2*g.batch)
	for first := 0; first < g.events; first += g.batch {
		if ctx.Err() != nil {
			return fmt.Errorf("interrupted; %s is not written", g.out)
		}
		n := min(g.batch, g.events-first)
		for i := range n {
			energies[i] = float32(g.emin + (g.emax-g.emin)*r.Float64())
			target[2*i], target[2*i+1] = shower.Electron, energies[i]
		}
		if err := maker.Make(uint64(first/g.batch), cells[:n*shower.Cells], energies[:n]); err != nil {
			return err
		}
		if err := w.Append(ecalField.Name, cells[:n*shower.Cells]); err != nil {
			return err
		}
		if err := w.Append(targetName, target[:2*n]); err != nil {
			return err
		}
		bar.Add(n)
	}
	return nil
}

// describe says in the file where it came from.
func (g generation) describe(w *hdf5.Writer, p gan.Preset) error {
	var errs []error
	for _, a := range []struct {
		name  string
		value any
	}{
		{"content", "showers made by a generative adversarial network; not from Geant4"},
		{"model", g.model},
		{"preset", p.Name},
		{"units", "GeV"},
		{"energy_min", g.emin},
		{"energy_max", g.emax},
		{"seed", fmt.Sprint(g.seed)},
	} {
		errs = append(errs, w.SetAttr(a.name, a.value))
	}
	return errors.Join(errs...)
}

// loadGenerator builds the generator that a model file is of, with its weights.
func loadGenerator(path string) (gan.Preset, *nn.Net, error) {
	metadata, err := nn.ReadMetadata(path)
	if err != nil {
		return gan.Preset{}, nil, err
	}
	p, err := gan.ByName(metadata[presetKey])
	if err != nil {
		return gan.Preset{}, nil, fmt.Errorf("%s: the metadata entry %q: %w", path, presetKey, err)
	}
	net, err := p.Generator()
	if err != nil {
		return gan.Preset{}, nil, err
	}
	return p, net, net.Load(path)
}
