package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
)

// Flags is the flag set of a command. name is how it is called, such as
// "h5 info FILE...", and about explains it in some sentences, if it needs them.
func Flags(name, about string) *FlagSet {
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(io.Discard) // Parse reports errors, and help goes to out
	return &FlagSet{FlagSet: fs, about: about}
}

// FlagSet is the flags of a command, with what its help says.
type FlagSet struct {
	*flag.FlagSet
	about string
}

// Parse reads the arguments and returns the operands: what is not a flag, in the
// order given. Behind "--" all are operands. It prints the help to out and returns
// flag.ErrHelp when that is asked for. Errors: ErrUsage.
func (fs *FlagSet) Parse(out io.Writer, args []string) ([]string, error) {
	var operands []string
	for len(args) > 0 {
		if args[0] == "--" {
			return append(operands, args[1:]...), nil
		}
		err := fs.FlagSet.Parse(args)
		if err == nil {
			err = fs.finite()
		}
		switch {
		case errors.Is(err, flag.ErrHelp):
			fs.print(out)
			return nil, err
		case err != nil:
			return nil, fmt.Errorf("%w: %w; -h lists the flags", ErrUsage, err)
		}
		rest := fs.Args()
		if len(rest) < len(args) && args[len(args)-len(rest)-1] == "--" {
			return append(operands, rest...), nil
		}
		if args = rest; len(args) > 0 {
			operands, args = append(operands, args[0]), args[1:]
		}
	}
	return operands, nil
}

// finite refuses NaN and infinities, which are no setting of anything here and pass most
// comparisons.
func (fs *FlagSet) finite() (err error) {
	fs.Visit(func(f *flag.Flag) {
		g, is := f.Value.(flag.Getter)
		if !is {
			return
		}
		if x, is := g.Get().(float64); is && (math.IsNaN(x) || math.IsInf(x, 0)) {
			err = errors.Join(err, fmt.Errorf("--%s %g: a finite number is expected", f.Name, x))
		}
	})
	return err
}

// ParseFlags is Parse for a command without operands.
func (fs *FlagSet) ParseFlags(out io.Writer, args []string) error {
	operands, err := fs.Parse(out, args)
	if err == nil && len(operands) > 0 {
		err = fmt.Errorf("%w: %q is not a flag; -h lists the flags", ErrUsage, operands[0])
	}
	return err
}

// print lists the flags with two dashes, as people type them.
func (fs *FlagSet) print(w io.Writer) {
	fmt.Fprintf(w, "usage: %s [flags]\n\n", fs.Name())
	if fs.about != "" {
		fmt.Fprintf(w, "%s\n\n", fs.about)
	}
	fs.VisitAll(func(f *flag.Flag) {
		kind, text := flag.UnquoteUsage(f)
		if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "0" {
			text += fmt.Sprintf(" (default %s)", f.DefValue)
		}
		fmt.Fprintf(w, "  %-24s %s\n", "--"+f.Name+" "+kind, text)
	})
}
