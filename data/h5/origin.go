package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/cascade-hpc/cascade/data/calochallenge"
	"github.com/cascade-hpc/cascade/data/cifar"
	"github.com/cascade-hpc/cascade/data/idx"
	"github.com/cascade-hpc/cascade/data/lcd"
	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/data/tfrecord"
	"github.com/cascade-hpc/cascade/internal/cli"
)

// origin is a format of the field that convert reads beside HDF5 and shards.
type origin struct {
	name string
	help string // which files, and what becomes of them
	open func(o openFlags, patterns []string) (source.Source, error)
}

// openFlags are the flags of convert about what it reads.
type openFlags struct {
	format string // name of an origin; empty for HDF5 and shards
	fields string // as typed
	// What files of the CaloChallenge do not say themselves.
	binning, particle string
}

func (o *openFlags) flags(fs *cli.FlagSet) {
	fs.StringVar(&o.format, "from", "", "the `FORMAT` of IN, if not HDF5 or shard")
	fs.StringVar(&o.fields, "fields", "", "the data sets to take, `A,B,...`; without it all that can be read")
	fs.StringVar(&o.binning, "binning", "", "the XML `FILE` of the CaloChallenge with the geometry")
	fs.StringVar(&o.particle, "particle", "", "the particle of the geometry, `NAME`, if it has several")
}

var origins = []origin{
	{"mnist", "two IDX files, images and labels, also .gz: the fields image and label", openMNIST},
	{"cifar10", "binary files of CIFAR-10: image and label", func(_ openFlags, p []string) (source.Source, error) { return cifar.Open10(p...) }},
	{"cifar100", "binary files of CIFAR-100: image and both labels", func(_ openFlags, p []string) (source.Source, error) { return cifar.Open100(p...) }},
	{"lcd-fixed", "LCD showers at 90 degrees, preprocessed as published: shower, energy, sum", func(_ openFlags, p []string) (source.Source, error) { return openLCD(lcd.Fixed, p) }},
	{"lcd-variable", "LCD showers at 60 to 120 degrees, preprocessed as published: also angle", func(_ openFlags, p []string) (source.Source, error) { return openLCD(lcd.Variable, p) }},
	{"tfrecord", "TFRecord files of tf.train.Example; --fields A:KIND:2x3,... where a string holds an array", openTFRecord},
	{"calochallenge", "files of the CaloChallenge, with --binning: showers as volumes, incident_energies", openCaloChallenge},
}

func openMNIST(_ openFlags, files []string) (source.Source, error) {
	if len(files) != 2 {
		return nil, fmt.Errorf("%w: --from mnist takes the file of the images and that of the labels, not %d files", cli.ErrUsage, len(files))
	}
	src, err := idx.Images(files[0], files[1])
	if err != nil {
		return nil, err
	}
	return src, nil
}

// openLCD shows how far it has come: to leave events out it reads all of them.
func openLCD(o lcd.Options, patterns []string) (source.Source, error) {
	var bar cli.Progress
	shown := 0
	o.Progress = func(done, all int) {
		if shown == 0 {
			bar = cli.NewProgress(all, "looking for events to leave out", "events")
		}
		bar.Add(done - shown)
		shown = done
	}
	defer func() { bar.Finish() }()
	return lcd.Open(o, patterns...)
}

func openCaloChallenge(o openFlags, patterns []string) (source.Source, error) {
	if o.binning == "" {
		return nil, fmt.Errorf("%w: --from calochallenge needs --binning, the XML file that is published beside the data", cli.ErrUsage)
	}
	binning, err := calochallenge.ReadBinning(o.binning, o.particle)
	if err != nil {
		return nil, err
	}
	return calochallenge.Open(binning, patterns...)
}

func openTFRecord(o openFlags, patterns []string) (source.Source, error) {
	var fields []source.Field
	for text := range strings.SplitSeq(o.fields, ",") {
		if text == "" {
			continue
		}
		f, err := parseField(text)
		if err != nil {
			return nil, fmt.Errorf("%w: --fields: %w", cli.ErrUsage, err)
		}
		fields = append(fields, f)
	}
	return tfrecord.Open(patterns, fields...)
}

// parseField reads a field written as name:kind:2x3, without the last part for a
// single number.
func parseField(text string) (source.Field, error) {
	parts := strings.Split(text, ":")
	if len(parts) < 2 || len(parts) > 3 {
		return source.Field{}, fmt.Errorf("%q is not like image:uint8:28x28", text)
	}
	f := source.Field{Name: parts[0]}
	var err error
	if f.Kind, err = source.ParseKind(parts[1]); err != nil || len(parts) == 2 {
		return f, err
	}
	for axis := range strings.SplitSeq(parts[2], "x") {
		n, err := strconv.Atoi(axis)
		if err != nil {
			return f, fmt.Errorf("%q: the shape is not like 28x28", text)
		}
		f.Shape = append(f.Shape, n)
	}
	return f, nil
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
