package signs

import "fmt"

// Kind says what a sign is of.
type Kind string

// The kinds of signs.
const (
	Inputs       Kind = "inputs"        // they are not normalised, or were never filled
	LearningRate Kind = "learning rate" // it is beyond what is stable
	DeadReLUs    Kind = "dead ReLUs"    // units that do not learn any more
	Gradient     Kind = "gradient"      // it has exploded, or is gone
	NotFinite    Kind = "not finite"    // NaN or infinity
)

// Sign is a sign of trouble.
type Sign struct {
	Step uint64 // of the whole training, from 1
	Kind Kind
	Text string // a sentence with the numbers, the place, and what usually helps
}

// String is "step 12: …".
func (s Sign) String() string { return fmt.Sprintf("step %d: %s", s.Step, s.Text) }

// say notes a sign unless one of the same kind was said of the same subject.
func (w *Watch) say(kind Kind, subject, format string, args ...any) {
	k := key(kind, subject)
	if w.said[k] {
		return
	}
	w.said[k] = true
	w.over = w.over || kind == NotFinite
	w.signs = append(w.signs, Sign{Step: w.step + 1, Kind: kind, Text: fmt.Sprintf(format, args...)})
}

func key(kind Kind, subject string) string { return string(kind) + "\x00" + subject }
