package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"
)

// command is a subcommand.
type command struct {
	name string
	help string // one line
	run  func(ctx context.Context, args []string) error
}

// commands in the order in which they are used.
var commands = []command{
	{"simulate", "make a file of parameterised showers to train on", runSimulate},
	{"train", "train a 3D-GAN on such a file; Ctrl-C and --resume lose nothing", runTrain},
	{"generate", "make showers with a trained generator", runGenerate},
	{"validate", "compare the physics of two files: a table, JSON and plots", runValidate},
}

func main() {
	// The first Ctrl-C lets a command tidy up; the second ends the process.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	err := dispatch(ctx, os.Args[1:], os.Stdout)
	stop()
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
	case errors.Is(err, errUsage):
		fmt.Fprintln(os.Stderr, "calogan:", err)
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, "calogan:", err)
		os.Exit(1)
	}
}

func dispatch(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 {
		usage(out)
		return fmt.Errorf("%w: no command", errUsage)
	}
	switch args[0] {
	case "-h", "-help", "--help", "help":
		usage(out)
		return nil
	}
	i := slices.IndexFunc(commands, func(c command) bool { return c.name == args[0] })
	if i < 0 {
		return fmt.Errorf("%w: there is no command %q; 'calogan -h' lists them", errUsage, args[0])
	}
	if err := commands[i].run(ctx, args[1:]); err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	return nil
}

func usage(w io.Writer) {
	fmt.Fprint(w, `calogan trains the 3D-GAN of the CLIC calorimeter and checks the showers it makes.

usage: calogan COMMAND [flags]

`)
	for _, c := range commands {
		fmt.Fprintf(w, "  %-10s %s\n", c.name, c.help)
	}
	fmt.Fprint(w, `
'calogan COMMAND -h' lists the flags of a command.

Files are HDF5 in the published layout: ECAL (N, 25, 25, 25), cells in GeV, and
target (N, 2), particle id and primary energy in GeV.
`)
}
