package nn

import (
	"fmt"
	"strings"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
)

// What the errors of a declaration and of a compilation match, for errors.Is.
var (
	// ErrShape says that sizes or settings do not fit.
	ErrShape = ir.ErrShape
	// ErrUnsupported says that something is not there, or not for this.
	ErrUnsupported = ir.ErrUnsupported
	// ErrForeignGraph says that a handle belongs to another graph.
	ErrForeignGraph = ir.ErrForeignGraph
)

// shownErrors is how many mistakes Error lists; %+v lists them all.
const shownErrors = 10

// BuildError is all that is wrong with a declaration, in the order in which it was
// made. Each of Errors tells the operation, the line of the program and the calls
// that led there.
type BuildError struct {
	Graph  string
	Errors []error
}

// Error lists the first ten mistakes.
func (e *BuildError) Error() string { return e.list(shownErrors) }

// Unwrap gives the mistakes, so that errors.Is and errors.As find their causes.
func (e *BuildError) Unwrap() []error { return e.Errors }

// Format writes all mistakes for %+v.
func (e *BuildError) Format(f fmt.State, verb rune) {
	most := shownErrors
	if verb == 'v' && f.Flag('+') {
		most = len(e.Errors)
	}
	_, _ = fmt.Fprint(f, e.list(most))
}

func (e *BuildError) list(most int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "nn: graph %q:", e.Graph)
	for i, err := range e.Errors {
		if i == most {
			fmt.Fprintf(&b, "\n(and %d more)", len(e.Errors)-i)
			break
		}
		fmt.Fprintf(&b, "\n%v", err)
	}
	return b.String()
}

func shapeError(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrShape, fmt.Sprintf(format, args...))
}
