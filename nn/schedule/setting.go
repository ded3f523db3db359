package schedule

import (
	"errors"
	"fmt"
	"math"
	"strings"
)

// SettingError is one mistake in the settings of a law.
type SettingError struct {
	Law, Field string // the type and the field; no field where the law itself is wrong
	Found      any
	Expected   string // a phrase: "at least 1"
}

func (e *SettingError) Error() string {
	where := e.Law
	switch {
	case strings.HasPrefix(e.Field, "["): // of a Sequence
		where += e.Field
	case e.Field != "":
		where += "." + e.Field
	}
	return fmt.Sprintf("schedule: %s is %v: %s is expected", where, e.Found, e.Expected)
}

// settings collects the mistakes of one law.
type settings struct {
	law  string
	errs []error
}

func (s *settings) fail(field string, found any, expected string) {
	s.errs = append(s.errs, &SettingError{Law: s.law, Field: field, Found: found, Expected: expected})
}

// value is a rate or a momentum.
func (s *settings) value(field string, v float64) {
	if !(v >= 0) || math.IsInf(v, 1) {
		s.fail(field, v, "a finite number from 0 on")
	}
}

// factor multiplies a value.
func (s *settings) factor(field string, v float64) {
	if !(v > 0) || math.IsInf(v, 1) {
		s.fail(field, v, "a finite number above 0")
	}
}

// fall is a factor that does not let a value grow beyond all bounds.
func (s *settings) fall(field string, v float64) {
	if !(v > 0 && v <= 1) {
		s.fail(field, v, "a number above 0, 1 at most,")
	}
}

// length is a number of steps.
func (s *settings) length(field string, v float64) {
	if !(v > 0) || math.IsInf(v, 1) {
		s.fail(field, v, "a finite number of steps above 0")
	}
}

// inner is a law inside of the law.
func (s *settings) inner(field string, law Law) {
	if law == nil {
		s.fail(field, "nil", "a law")
		return
	}
	if err := Check(law); err != nil {
		s.errs = append(s.errs, fmt.Errorf("%s, %s: %w", s.law, field, err))
	}
}

func (s *settings) err() error { return errors.Join(s.errs...) }

// orElse is v, or the default of a field that is 0.
func orElse(v, standard float64) float64 {
	if v == 0 {
		return standard
	}
	return v
}
