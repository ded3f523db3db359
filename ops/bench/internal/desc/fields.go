package desc

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// maxValue bounds every number of a descriptor, so that sizes computed from a few
// of them fit an int.
const maxValue = math.MaxInt32

// fields are the numbers of a descriptor by their names.
type fields map[string]int

// get is the number of a field, or what stands for it where it was not given.
func (f fields) get(name string, otherwise int) int {
	if v, ok := f[name]; ok {
		return v
	}
	return otherwise
}

// word is a descriptor that has been taken apart.
type word struct {
	name  string // what follows n, without its quotes; "" if there is none
	ints  fields // whole numbers
	reals map[string]float64
}

// real is the number of a field, or what stands for it where it was not given.
func (w word) real(name string, otherwise float64) float32 {
	if v, ok := w.reals[name]; ok {
		return float32(v)
	}
	return float32(otherwise)
}

// isReal says that a field's number may be a fraction.
func isReal(name string) bool {
	return name == "eps" || name == "alpha" || name == "beta" || name == "k"
}

// split takes a descriptor apart. Names are those of the fields that there can be; a
// name that another one starts with comes after it. Given twice, the last one counts.
func split(text string, names ...string) (word, error) {
	w := word{ints: fields{}, reals: map[string]float64{}}
	for rest := text; rest != ""; {
		switch rest[0] {
		case '_':
			rest = rest[1:]
			continue
		case 'n':
			w.name = unquote(rest[1:])
			return w, nil
		}
		name := fieldName(rest, names)
		if name == "" {
			return w, fmt.Errorf("%q: no field starts at %q; there are %s, and n for the name", text, rest, strings.Join(names, " "))
		}
		number := digits(rest[len(name):], isReal(name))
		if err := w.set(name, number); err != nil {
			return w, fmt.Errorf("%q: %w", text, err)
		}
		rest = rest[len(name)+len(number):]
	}
	return w, nil
}

func (w *word) set(name, number string) error {
	if isReal(name) {
		x, err := strconv.ParseFloat(number, 32)
		if err != nil || !(x > 0) {
			return fmt.Errorf("%s%s: a positive number is needed", name, number)
		}
		w.reals[name] = x
		return nil
	}
	v, err := strconv.ParseInt(number, 10, 64)
	if err != nil || v > maxValue {
		return fmt.Errorf("%s%s: a whole number from 0 to %d is needed", name, number, maxValue)
	}
	w.ints[name] = int(v)
	return nil
}

// fieldName is the field that the text starts with, or "".
func fieldName(text string, names []string) string {
	for _, name := range names {
		if strings.HasPrefix(text, name) {
			return name
		}
	}
	return ""
}

// digits is the number that the text starts with.
func digits(text string, fraction bool) string {
	end := 0
	for ; end < len(text); end++ {
		c := text[end]
		sign := (c == '-' || c == '+') && end > 0 && text[end-1] == 'e'
		if !(c >= '0' && c <= '9' || fraction && (c == '.' || c == 'e' || sign)) {
			break
		}
	}
	return text[:end]
}

func unquote(s string) string { return strings.Trim(s, `"'`) }
