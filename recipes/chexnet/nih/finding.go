package nih

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cascade-hpc/cascade/data/source"
)

// Count is the number of findings.
const Count = 14

// Findings are the labels of ChestX-ray14, as they are written in its table. Their order
// is that of the labels everywhere here, and of the table in the paper of CheXNet.
var Findings = [Count]string{
	"Atelectasis", "Cardiomegaly", "Effusion", "Infiltration", "Mass", "Nodule", "Pneumonia", "Pneumothorax",
	"Consolidation", "Edema", "Emphysema", "Fibrosis", "Pleural_Thickening", "Hernia",
}

// NoFinding stands in the table where an image has none of the findings.
const NoFinding = "No Finding"

// Labels says of each finding whether an image has it: 1 or 0.
type Labels [Count]uint8

// ParseLabels reads what the table says of an image: findings with | between them, or
// [NoFinding] alone. Errors: source.ErrFormat.
func ParseLabels(text string) (Labels, error) {
	var l Labels
	if text == NoFinding {
		return l, nil
	}
	for name := range strings.SplitSeq(text, "|") {
		i := slices.Index(Findings[:], name)
		switch {
		case i < 0 && name == NoFinding:
			return Labels{}, fmt.Errorf("%w: %q beside findings in %q", source.ErrFormat, NoFinding, text)
		case i < 0:
			return Labels{}, fmt.Errorf("%w: %q is none of the findings %s, and not %q", source.ErrFormat, name, strings.Join(Findings[:], ", "), NoFinding)
		case l[i] == 1:
			return Labels{}, fmt.Errorf("%w: %q stands twice in %q", source.ErrFormat, name, text)
		}
		l[i] = 1
	}
	return l, nil
}

// String is what [ParseLabels] reads.
func (l Labels) String() string {
	var names []string
	for i, v := range l {
		if v != 0 {
			names = append(names, Findings[i])
		}
	}
	if names == nil {
		return NoFinding
	}
	return strings.Join(names, "|")
}
