package ir

import (
	"fmt"
	"strings"
)

// OpError is one mistake in a declaration.
type OpError struct {
	Kind string // operation or setter: "Conv", "Stride"
	Node *Node
	Err  error
}

// Error writes the mistake with its place and the calls that led there.
func (e *OpError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", e.Node.Site.Line(), e.Kind)
	if e.Node.Name != "" {
		fmt.Fprintf(&b, " %q", e.Node.Name)
	} else if e.Node.Scope != "" {
		fmt.Fprintf(&b, " in %q", strings.TrimSuffix(e.Node.Scope, "/"))
	}
	fmt.Fprintf(&b, ": %v", e.Err)
	for _, from := range e.Node.Site.BuiltFrom() {
		fmt.Fprintf(&b, "\n\tbuilt from %s", from)
	}
	return b.String()
}

// Unwrap gives the cause, so that errors.Is finds the sentinels.
func (e *OpError) Unwrap() error { return e.Err }
