package main

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// Exit statuses.
const (
	exitOK     = 0
	exitFailed = 1 // a check found a difference
	exitUsage  = 2 // something in the arguments or a batch file is wrong
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is the command. All problems are read before the first is timed, so that a
// mistake in the last line of a batch file costs nothing.
func run(args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		usage(stdout)
		return exitUsage
	}
	plan, err := read(args)
	switch {
	case errors.Is(err, errHelp):
		usage(stdout)
		return exitOK
	case err != nil:
		fmt.Fprintln(stderr, "bench:", err)
		return exitUsage
	}
	t := newTester(plan, stdout, stderr)
	defer t.close()
	for _, p := range plan.problems {
		if err := t.test(p); err != nil {
			fmt.Fprintln(stderr, "bench:", err)
			return exitUsage
		}
	}
	if err := t.finish(); err != nil {
		fmt.Fprintln(stderr, "bench:", err)
		return exitFailed
	}
	return exitOK
}

func usage(w io.Writer) {
	fmt.Fprint(w, `bench times and checks primitives, given benchdnn's problem descriptors.

usage: go run ./ops/bench --DRIVER [OPTION | DESCRIPTOR]...

Options apply to what comes after them. A list, as in --dir=FWD_D,BWD_D, stands for
each of its values in turn.

`)
	for _, o := range common {
		fmt.Fprintf(w, "  %-26s %s\n", "--"+o.name+o.value, o.help)
	}
	fmt.Fprint(w, "\nDrivers, their options and, in brackets, what holds where these are not given:\n\n")
	for _, d := range drivers {
		fmt.Fprintf(w, "  --%s\n", d.name)
		for _, c := range d.choices {
			fmt.Fprintf(w, "      --%s [%s]\n", c.name, c.first)
		}
	}
}
