package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// driver tests one kind of primitive: benchdnn's term.
type driver struct {
	name    string
	choices []choice
	// build makes the job of one descriptor under one choice of each option.
	build func(v variant, descriptor string) (job, string, error)
}

// choice is an option of a driver that takes a list of values.
type choice struct {
	name  string
	first string             // what holds where it is not given
	check func(string) error // refuses values that there are not
}

// variant is one value of each option of a driver, by its name.
type variant map[string]string

// mb is the batch that takes the place of the descriptor's, 0 for none.
func (v variant) mb() int { return v.integer("mb") }

// integer is a value that its check has found to be a number.
func (v variant) integer(name string) int {
	n, _ := strconv.Atoi(v[name])
	return n
}

// is compares regardless of case, as benchdnn does.
func (v variant) is(name string, values ...string) bool {
	return slices.ContainsFunc(values, func(s string) bool { return strings.EqualFold(s, v[name]) })
}

// drivers in the order of the help.
var drivers = []*driver{conv, deconv, innerProduct, batchNorm, pooling, eltwise, softmax, lrn, sum, reorder, rnn}

func findDriver(name string) *driver {
	for _, d := range drivers {
		if d.name == name {
			return d
		}
	}
	return nil
}

func (d *driver) find(name string) *choice {
	for i := range d.choices {
		if d.choices[i].name == name {
			return &d.choices[i]
		}
	}
	return nil
}

// variants are all combinations of the values, those of the driver's last option
// changing fastest.
func (d *driver) variants(values map[string][]string) []variant {
	all := []variant{{}}
	for _, c := range d.choices {
		list := values[c.name]
		if len(list) == 0 {
			list = []string{c.first}
		}
		var more []variant
		for _, v := range all {
			for _, value := range list {
				next := variant{c.name: value}
				for k, old := range v {
					next[k] = old
				}
				more = append(more, next)
			}
		}
		all = more
	}
	return all
}

// options are those that make the variant, as one types them.
func (d *driver) options(v variant) string {
	s := "--" + d.name
	for _, c := range d.choices {
		if v[c.name] != c.first {
			s += fmt.Sprintf(" --%s=%s", c.name, v[c.name])
		}
	}
	return s
}

// title is what the variant computes, in few words: the batch is in the name or the
// times, and what holds where nothing is asked for needs no mention.
func (d *driver) title(v variant) string {
	s := d.name
	if dir := v["dir"]; dir != "" {
		s += " " + strings.ToUpper(dir)
	}
	for _, c := range d.choices {
		if c.name != "dir" && c.name != "mb" && v[c.name] != c.first {
			s += " " + c.name + "=" + v[c.name]
		}
	}
	return s
}

// oneOf takes the values, in any case.
func oneOf(values ...string) func(string) error {
	return func(s string) error {
		if (variant{"": s}).is("", values...) {
			return nil
		}
		return fmt.Errorf("there are %s", strings.Join(values, ", "))
	}
}

// eachOf takes values with colons between them, one for each tensor.
func eachOf(values ...string) func(string) error {
	one := oneOf(values...)
	return func(s string) error {
		for _, part := range strings.Split(s, ":") {
			if err := one(part); err != nil {
				return err
			}
		}
		return nil
	}
}

func wholeNumber(s string) error {
	if n, err := strconv.ParseInt(s, 10, 31); err != nil || n < 0 {
		return fmt.Errorf("a whole number is needed")
	}
	return nil
}

// Options that several drivers have. Primitives compute in float32 on tensors in
// plain layout; that is all that these can say.
var (
	mbChoice  = choice{"mb", "0", wholeNumber}
	f32       = eachOf("f32")
	plain     = eachOf("any", "undef", "abx", "a", "ab", "abc", "abcd", "abcde", "x", "nc", "ncw", "nchw", "ncdhw", "oi", "oiw", "oihw", "oidhw", "goiw", "goihw", "goidhw", "NCX")
	cfgChoice = choice{"cfg", "f32", f32}
	dtChoice  = choice{"dt", "f32", f32}
)
