package train

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// reader takes values out of a checkpoint's metadata, and keeps the first error.
type reader struct {
	path     string
	metadata map[string]string
	err      error
}

func (r *reader) text(key string) string { return r.metadata[key] }

// integer is a number of steps or epochs: not negative.
func (r *reader) integer(key string) int64 {
	n, err := strconv.ParseInt(r.metadata[key], 10, 64)
	if err != nil || n < 0 {
		r.fail(key, "a whole number")
	}
	return n
}

func (r *reader) float(key string) float64 {
	v, err := strconv.ParseFloat(r.metadata[key], 64)
	if err != nil || math.IsNaN(v) {
		r.fail(key, "a number")
	}
	return v
}

func (r *reader) floats(key string) []float64 {
	var list []float64
	for _, field := range strings.Fields(r.metadata[key]) {
		v, err := strconv.ParseFloat(field, 64)
		if err != nil {
			r.fail(key, "numbers")
		}
		list = append(list, v)
	}
	return list
}

func (r *reader) fail(key, expected string) {
	if r.err == nil {
		r.err = fmt.Errorf("%s: the metadata entry %q is %q, not %s", r.path, key, r.metadata[key], expected)
	}
}

// joinFloats writes numbers so that they are read back to the bit.
func joinFloats(list []float64) string {
	fields := make([]string, len(list))
	for i, v := range list {
		fields[i] = strconv.FormatFloat(v, 'x', -1, 64)
	}
	return strings.Join(fields, " ")
}
