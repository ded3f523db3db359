package main

import (
	"context"
	"fmt"
	"io"

	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/nn/ensemble"
)

func runSummarise(_ context.Context, out io.Writer, args []string) error {
	fs := cli.Flags("resnet summarise REPORT.json...", "The reports are those of evaluate, of trainings that differ by --seed alone.")
	paths, err := fs.Parse(out, args)
	if err != nil {
		return err
	}
	if len(paths) == 0 {
		return fmt.Errorf("%w: summarise needs the names of reports", cli.ErrUsage)
	}
	reports := make([]*ensemble.Report, len(paths))
	for i, path := range paths {
		if reports[i], err = ensemble.ReadReport(path); err != nil {
			return err
		}
	}
	s, err := ensemble.Summarise(reports...)
	if err != nil {
		return err
	}
	return s.WriteText(out)
}
