package optim

import "fmt"

// Off asks for zero in a field whose zero value means something else, as in
// Adam{Beta1: optim.Off}.
const Off = -1

// largest is the largest setting. Its square is no number of float32, but it is one.
const largest = 1e30

// settings reads the fields of a rule and keeps the first mistake.
type settings struct {
	rule string
	err  error
}

// value is a field's value, or the default where it is 0.
func (s *settings) value(field string, value, standard float64) float64 {
	switch {
	case value == 0:
		return standard
	case value == Off:
		return 0
	case value > 0 && value <= largest:
		return value
	}
	s.fail(field, value, "a finite number from 0 on")
	return standard
}

// fraction is a value below 1: the weight of the past in a running average.
func (s *settings) fraction(field string, value, standard float64) float64 {
	if value >= 1 {
		s.fail(field, value, "a number from 0 to less than 1")
		return standard
	}
	return s.value(field, value, standard)
}

// positive is a value that float32 can tell from 0.
func (s *settings) positive(field string, value, standard float64) float64 {
	x := s.value(field, value, standard)
	if float32(x) == 0 {
		s.fail(field, value, "more than 0")
	}
	return x
}

func (s *settings) fail(field string, value float64, expected string) {
	if s.err == nil {
		s.err = fmt.Errorf("optim: %s.%s is %g: %s is expected", s.rule, field, value, expected)
	}
}
