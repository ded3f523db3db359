package ensemble

import (
	"fmt"
	"slices"
)

// About says what the members of an ensemble have in common, as far as somebody needs it
// who finds nothing but the directory.
type About struct {
	Arch    string `json:"arch"`    // of the network, as its recipe calls it
	Classes int    `json:"classes"` // logits of a row
	// ClassNames are in the order of the logits. They may be left out.
	ClassNames    []string `json:"class_names,omitempty"`
	Data          string   `json:"data"`          // the data set of the training
	Preprocessing string   `json:"preprocessing"` // of the input, for evaluation: sizes, means, deviations
	Plan          string   `json:"plan"`          // of the training
	// Settings are what else makes a training what it is, in words; they may be empty.
	Settings string `json:"settings,omitempty"`
	Seed     uint64 `json:"seed"`
}

// check refuses what nothing can predict.
func (a About) check() error {
	if a.Classes < 1 {
		return fmt.Errorf("%w: %d classes: at least 1 is expected", ErrManifest, a.Classes)
	}
	if n := len(a.ClassNames); n != 0 && n != a.Classes {
		return fmt.Errorf("%w: %d names of classes: there are %d classes", ErrManifest, n, a.Classes)
	}
	for _, text := range append([]string{a.Arch, a.Data, a.Preprocessing, a.Plan, a.Settings}, a.ClassNames...) {
		if err := checkText(text); err != nil {
			return err
		}
	}
	return nil
}

func (a About) clone() About {
	a.ClassNames = slices.Clone(a.ClassNames)
	return a
}

// compare is an ErrOther if a, which was found, is not what was expected.
func (a About) compare(expected About) error {
	for _, f := range []struct{ name, found, expected string }{
		{"arch", a.Arch, expected.Arch},
		{"number of classes", fmt.Sprint(a.Classes), fmt.Sprint(expected.Classes)},
		{"data set", a.Data, expected.Data},
		{"preprocessing", a.Preprocessing, expected.Preprocessing},
		{"plan", a.Plan, expected.Plan},
		{"text of settings", a.Settings, expected.Settings},
		{"seed", fmt.Sprint(a.Seed), fmt.Sprint(expected.Seed)},
	} {
		if f.found != f.expected {
			return fmt.Errorf("%w: its %s is %q, not %q", ErrOther, f.name, f.found, f.expected)
		}
	}
	if !slices.Equal(a.ClassNames, expected.ClassNames) {
		return fmt.Errorf("%w: its classes are %q, not %q", ErrOther, a.ClassNames, expected.ClassNames)
	}
	return nil
}
