package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/recipes/calogan/physics"
)

func runValidate(ctx context.Context, out io.Writer, args []string) error {
	fs := cli.Flags("calogan validate", "")
	dataFile := fs.String("data", "", "`FILE` of the showers to compare with; a quoted pattern means several")
	ganFile := fs.String("gan", "", "`FILE` of the showers to judge")
	dir := fs.String("out", "validation", "`DIR` for validation.json and the plots")
	if err := fs.ParseFlags(out, args); err != nil {
		return err
	}
	for _, f := range []struct{ name, file string }{{"data", *dataFile}, {"gan", *ganFile}} {
		if f.file == "" {
			return fmt.Errorf("%w: --%s is missing; 'calogan validate -h' lists the flags", cli.ErrUsage, f.name)
		}
	}
	report, err := compare(ctx, *dataFile, *ganFile)
	if err != nil {
		return err
	}
	if err := save(report, *dir); err != nil {
		return err
	}
	fmt.Fprintln(out)
	if err := report.Table(out); err != nil {
		return err
	}
	fmt.Fprintf(out, "\nplots and validation.json are in %s\n", *dir)
	return nil
}

// compare reads both files.
func compare(ctx context.Context, dataFile, ganFile string) (*physics.Report, error) {
	real, err := collect(ctx, "data", dataFile)
	if err != nil {
		return nil, err
	}
	made, err := collect(ctx, "GAN", ganFile)
	if err != nil {
		return nil, err
	}
	return physics.Compare(real, made)
}

func collect(ctx context.Context, name, file string) (c *physics.Collector, err error) {
	src, err := openShowers(file)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, src.Close()) }()
	bar := cli.NewProgress(src.Rows(), "reading "+name, "showers")
	defer bar.Finish()
	c = physics.NewCollector(name)
	err = readShowers(ctx, src, data.Part(0, 1), func(ecal, energies []float32) error {
		bar.Add(len(energies))
		return c.Add(ecal, energies)
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return c, nil
}

// save writes everything but the table into dir.
func save(r *physics.Report, dir string) error {
	if err := r.Plot(dir); err != nil {
		return err
	}
	return r.WriteJSON(filepath.Join(dir, "validation.json"))
}
