package tfrecord

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/cascade-hpc/cascade/data/source"
)

// counter counts the values of a feature.
type counter struct {
	list list
	n    int
}

func (c *counter) begin(l list) error {
	if l != c.list {
		c.list, c.n = l, 0
	}
	return nil
}

func (c *counter) text([]byte) error       { c.n++; return nil }
func (c *counter) float32s(b []byte) error { c.n += len(b) / 4; return nil }
func (c *counter) int64s(uint64) error     { c.n++; return nil }

// infer says what fields the features of an Example would be, by name. Errors:
// source.ErrCorrupt, source.ErrShape for a feature that can be no field.
func infer(example []byte) ([]source.Field, error) {
	counts := map[string]counter{}
	var failed error
	err := eachFeature(example, func(name, feature []byte) {
		var c counter
		if err := eachValue(feature, &c); err != nil && failed == nil {
			failed = fmt.Errorf("feature %q: %w", name, err)
		}
		counts[string(name)] = c
	})
	if err := cmp.Or(err, failed); err != nil {
		return nil, err
	}
	var fields []source.Field
	for name, c := range counts {
		f := source.Field{Name: name, Kind: map[list]source.Kind{bytesList: source.Bytes, floatList: source.Float32, int64List: source.Int64}[c.list]}
		if c.n == 0 || c.n > 1 && c.list == bytesList {
			return nil, fmt.Errorf("%w: feature %q is %s of %d values, which is no field; name the fields that are to be read, of %s", source.ErrShape, name, c.list, c.n, names(example))
		}
		if c.n > 1 {
			f.Shape = []int{c.n}
		}
		fields = append(fields, f)
	}
	slices.SortFunc(fields, func(f, g source.Field) int { return cmp.Compare(f.Name, g.Name) })
	return fields, source.CheckFields(fields)
}
