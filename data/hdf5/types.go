package hdf5

import (
	"fmt"
	"strings"

	"github.com/cascade-hpc/cascade/data/internal/h5"
	"github.com/cascade-hpc/cascade/data/source"
)

// typeName is NumPy's name of a numeric type, and a description of any other:
// "compound {e float32, n int32}".
func typeName(t h5.Type) string {
	kind, ok := kindOf(t)
	switch {
	case ok && isStoredAs(t, kind):
		return kind.String()
	case t.Class == h5.Float, t.Class == h5.Integer:
		return fmt.Sprintf("%s of %d bytes", t.Class, t.Size)
	case t.Class == h5.String && !t.Variable:
		return fmt.Sprintf("string of %d bytes", t.Size)
	case t.Class == h5.Compound:
		return "compound {" + memberNames(t.Parts) + "}"
	case t.Class == h5.VarLen && len(t.Parts) == 1:
		return "variable-length " + typeName(t.Parts[0].Type)
	case t.Class == h5.Array && len(t.Parts) == 1:
		return fmt.Sprintf("array %s of %s", source.Tuple(t.Dims), typeName(t.Parts[0].Type))
	}
	return t.Class.String()
}

func memberNames(members []h5.Member) string {
	const most = 8
	var names []string
	for _, m := range members {
		if len(names) == most {
			names = append(names, "…")
			break
		}
		names = append(names, m.Name+" "+typeName(m.Type))
	}
	return strings.Join(names, ", ")
}
