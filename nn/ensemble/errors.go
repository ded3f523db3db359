package ensemble

import "errors"

// Reasons for errors, for errors.Is.
var (
	// ErrManifest: a manifest or report is not one, or says what cannot be.
	ErrManifest = errors.New("unusable description")
	// ErrDamaged: a member's file is missing, or not the one that was added.
	ErrDamaged = errors.New("damaged ensemble")
	// ErrOther: the directory holds another ensemble.
	ErrOther = errors.New("another ensemble")
	// ErrNoMember: the ensemble has no member of that name.
	ErrNoMember = errors.New("no such member")
	// ErrInput: logits or labels that cannot be.
	ErrInput = errors.New("unusable logits or labels")
)
