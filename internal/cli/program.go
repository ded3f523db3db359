package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
)

// ErrUsage is what an error in the arguments matches; the exit status is then 2.
var ErrUsage = errors.New("usage")

// ErrSaid is matched by an error that another process of the same job prints: this one
// ends with its status, and without a word.
var ErrSaid = errors.New("said by another process")

// Command is a command of a program.
type Command struct {
	Name string
	Help string // one line
	// Run prints results to out. When ctx is done it tidies up and returns its error.
	Run func(ctx context.Context, out io.Writer, args []string) error
}

// Program is a program of several commands.
type Program struct {
	Name     string
	About    string    // what it is for, a sentence
	Commands []Command // in the order in which they are used
	Notes    string    // printed behind the list of commands; may be empty
	// Resumable is matched by the errors of a command that a signal has ended and that
	// can go on; the exit status is then StatusRequeue, but for a Ctrl-C. May be nil.
	Resumable error
}

// Main runs the program with the arguments of the process and ends it.
func (p Program) Main() {
	ctx, stop := untilSignal()
	err := p.Run(ctx, os.Stdout, os.Args[1:])
	again := p.requeue(ctx, err)
	stop()
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return
	}
	if !errors.Is(err, ErrSaid) {
		fmt.Fprintf(os.Stderr, "%s: %v\n", p.Name, err)
	}
	switch {
	case errors.Is(err, ErrUsage):
		os.Exit(2)
	case again:
		os.Exit(StatusRequeue)
	default:
		os.Exit(1)
	}
}

// Run runs the command that args name. Errors: ErrUsage, and the command's.
func (p Program) Run(ctx context.Context, out io.Writer, args []string) error {
	if len(args) == 0 {
		p.usage(out)
		return fmt.Errorf("%w: no command", ErrUsage)
	}
	switch args[0] {
	case "-h", "-help", "--help", "help":
		p.usage(out)
		return nil
	}
	i := slices.IndexFunc(p.Commands, func(c Command) bool { return c.Name == args[0] })
	if i < 0 {
		return fmt.Errorf("%w: there is no command %q; '%s -h' lists them", ErrUsage, args[0], p.Name)
	}
	if err := p.Commands[i].Run(ctx, out, args[1:]); err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	return nil
}

func (p Program) usage(w io.Writer) {
	fmt.Fprintf(w, "%s\n\nusage: %s COMMAND [flags]\n\n", p.About, p.Name)
	for _, c := range p.Commands {
		fmt.Fprintf(w, "  %-10s %s\n", c.Name, c.Help)
	}
	fmt.Fprintf(w, "\n'%s COMMAND -h' explains a command.\n", p.Name)
	if p.Notes != "" {
		fmt.Fprintf(w, "\n%s\n", p.Notes)
	}
}
