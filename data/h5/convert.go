package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/internal/cli"
)

func runConvert(ctx context.Context, out io.Writer, args []string) error {
	fs := cli.Flags("h5 convert IN... OUT", `Writes the rows of files, one file after the other in alphabetical order, into one
file OUT: HDF5 if it ends in .h5 or .hdf5, Cascade's own format if in .shard.
Types stay as they are; attributes are those of the first file. OUT appears when
it is whole; Ctrl-C leaves nothing.

IN are HDF5 files or shards, or with --from FORMAT

`+originHelp())
	var s storage
	s.flags(fs)
	var o openFlags
	o.flags(fs)
	files, err := fs.Parse(out, args)
	if err != nil {
		return err
	}
	if len(files) < 2 {
		return fmt.Errorf("%w: name a file to read and one to write", cli.ErrUsage)
	}
	to := files[len(files)-1]
	if err := s.check(to); err != nil {
		return err
	}
	in, err := openFrom(o, files[:len(files)-1])
	if err != nil {
		return err
	}
	defer in.src.Close()
	start := time.Now()
	if err := in.write(ctx, s, to); err != nil {
		return err
	}
	info, err := os.Stat(to)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s: %s of %s, %s, in %s\n", to, count(in.src.Rows(), "rows"), names(in.src.Fields()), bytesText(info.Size()), time.Since(start).Round(10*time.Millisecond))
	for _, l := range in.lost {
		fmt.Fprintf(out, "left out: %s\n", l)
	}
	return nil
}

func names(fields []source.Field) string {
	var out []string
	for _, f := range fields {
		out = append(out, f.Name)
	}
	return strings.Join(out, ", ")
}
