package ensemble

import (
	"fmt"
	"slices"
)

// Rule is how the members' predictions become one. Its text is that of the constants'
// comments, for flags and files.
type Rule int

const (
	// MeanSoftmax, "mean softmax", is the mean of the members' probabilities, as in
	// Lakshminarayanan, Pritzel and Blundell (NeurIPS 2017), section 2.4, and Huang et al.
	// (ICLR 2017):
	//
	//	p(c) = 1/M · Σ_m softmax(z_m)(c)
	MeanSoftmax Rule = iota
	// MeanLogits, "mean logits", is the softmax of the mean of the members' logits, which
	// is the geometric mean of their probabilities, normalised:
	//
	//	p(c) = softmax(1/M · Σ_m z_m)(c)
	MeanLogits
	// Vote, "vote", ranks classes by the number of members whose largest logit they have,
	// and those with as many votes by the mean of the probabilities. Its probabilities are
	// those of MeanSoftmax: shares of votes would be 0 for most classes.
	Vote
)

var ruleNames = []string{MeanSoftmax: "mean softmax", MeanLogits: "mean logits", Vote: "vote"}

func (r Rule) String() string {
	if !r.known() {
		return fmt.Sprintf("Rule(%d)", int(r))
	}
	return ruleNames[r]
}

func (r Rule) known() bool { return r >= 0 && int(r) < len(ruleNames) }

// MarshalText implements encoding.TextMarshaler.
func (r Rule) MarshalText() ([]byte, error) {
	if !r.known() {
		return nil, fmt.Errorf("ensemble: %s is no rule", r)
	}
	return []byte(r.String()), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (r *Rule) UnmarshalText(text []byte) error {
	i := slices.Index(ruleNames, string(text))
	if i < 0 {
		return fmt.Errorf("ensemble: the rule %q is none of %q", text, ruleNames)
	}
	*r = Rule(i)
	return nil
}
