package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/cascade-hpc/cascade/ops"
)

// errUsage is what an error in the arguments matches; the exit status is then 2.
var errUsage = errors.New("usage")

// newFlags is the flag set of a command.
func newFlags(name string) *flag.FlagSet {
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(io.Discard) // parse reports errors, and help goes to stdout
	return fs
}

// parse reads the arguments. It prints the flags and returns flag.ErrHelp when
// help is asked for, and errors that match errUsage otherwise.
func parse(fs *flag.FlagSet, args []string) error {
	err := fs.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		printFlags(os.Stdout, fs)
		return err
	case err != nil:
		return fmt.Errorf("%w: %w; 'calogan %s -h' lists the flags", errUsage, err, fs.Name())
	case fs.NArg() > 0:
		return fmt.Errorf("%w: %q is not a flag; 'calogan %s -h' lists the flags", errUsage, fs.Arg(0), fs.Name())
	}
	return nil
}

// printFlags lists the flags with two dashes, as people type them.
func printFlags(w io.Writer, fs *flag.FlagSet) {
	fmt.Fprintf(w, "usage: calogan %s [flags]\n\n", fs.Name())
	fs.VisitAll(func(f *flag.Flag) {
		kind, text := flag.UnquoteUsage(f)
		if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "0" {
			text += fmt.Sprintf(" (default %s)", f.DefValue)
		}
		fmt.Fprintf(w, "  %-24s %s\n", "--"+f.Name+" "+kind, text)
	})
}

// threadsFlag adds --threads.
func threadsFlag(fs *flag.FlagSet) *int {
	return fs.Int("threads", 0, "`N` threads; 0 is one for each core, and CASCADE_NUM_THREADS wins")
}

// threads settles how many threads the process works with; 0 asks for the
// default.
func threads(n int) (int, error) {
	if n < 0 {
		return 0, fmt.Errorf("%w: --threads %d: it must not be negative", errUsage, n)
	}
	if n > 0 {
		if err := ops.SetDefault(ops.PoolOptions{Workers: n}); err != nil {
			return 0, err
		}
	}
	pool := ops.Default()
	return pool.Workers(), pool.Err()
}
