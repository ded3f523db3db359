package main

import (
	"fmt"
	"strings"

	"github.com/cascade-hpc/cascade/data/calochallenge"
	"github.com/cascade-hpc/cascade/data/cifar"
	"github.com/cascade-hpc/cascade/data/idx"
	"github.com/cascade-hpc/cascade/data/lcd"
	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/internal/cli"
)

// origin is a format of the field that convert reads beside HDF5 and shards.
type origin struct {
	name string
	help string // which files, and what becomes of them
	open func(g geometry, patterns []string) (source.Source, error)
}

// geometry is what files of the CaloChallenge do not say themselves.
type geometry struct{ binning, particle string }

var origins = []origin{
	{"mnist", "two IDX files, images and labels, also .gz: the fields image and label", openMNIST},
	{"cifar10", "binary files of CIFAR-10: image and label", func(_ geometry, p []string) (source.Source, error) { return cifar.Open10(p...) }},
	{"cifar100", "binary files of CIFAR-100: image and both labels", func(_ geometry, p []string) (source.Source, error) { return cifar.Open100(p...) }},
	{"lcd-fixed", "LCD showers at 90 degrees, preprocessed as published: shower, energy, sum", func(_ geometry, p []string) (source.Source, error) { return lcd.Open(lcd.Fixed, p...) }},
	{"lcd-variable", "LCD showers at 60 to 120 degrees, preprocessed as published: also angle", func(_ geometry, p []string) (source.Source, error) { return lcd.Open(lcd.Variable, p...) }},
	{"calochallenge", "files of the CaloChallenge, with --binning: showers as volumes, incident_energies", openCaloChallenge},
}

func openMNIST(_ geometry, files []string) (source.Source, error) {
	if len(files) != 2 {
		return nil, fmt.Errorf("%w: --from mnist takes the file of the images and that of the labels, not %d files", cli.ErrUsage, len(files))
	}
	src, err := idx.Images(files[0], files[1])
	if err != nil {
		return nil, err
	}
	return src, nil
}

func openCaloChallenge(g geometry, patterns []string) (source.Source, error) {
	if g.binning == "" {
		return nil, fmt.Errorf("%w: --from calochallenge needs --binning, the XML file that is published beside the data", cli.ErrUsage)
	}
	binning, err := calochallenge.ReadBinning(g.binning, g.particle)
	if err != nil {
		return nil, err
	}
	return calochallenge.Open(binning, patterns...)
}

// findOrigin finds the format that --from names.
func findOrigin(name string) (origin, error) {
	for _, o := range origins {
		if o.name == name {
			return o, nil
		}
	}
	return origin{}, fmt.Errorf("%w: --from %s: the formats are\n%s", cli.ErrUsage, name, originHelp())
}

// originHelp lists the formats.
func originHelp() string {
	var b strings.Builder
	for _, o := range origins {
		fmt.Fprintf(&b, "\n  %-14s %s", o.name, o.help)
	}
	return b.String()[1:]
}
