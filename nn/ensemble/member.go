package ensemble

import (
	"encoding/hex"
	"fmt"
	"maps"
	"math"
	"net/url"
	"slices"
	"unicode/utf8"
)

// Member is a network that was kept, and where in the training that was.
type Member struct {
	Name  string `json:"name"`  // no two of an ensemble have the same: "1", "1c"
	Phase string `json:"phase"` // of the plan
	// Collapsed members are compared with the member of the same phase that is not, their
	// uncollapsed twin, and take its place in the ensemble.
	Collapsed bool `json:"collapsed"`
	// Apart keeps a member that is measured with the others out of their ensemble: an
	// average of weights, or a network to compare with.
	Apart bool `json:"apart,omitempty"`

	Step    uint64             `json:"step"`              // steps of the training so far
	Epoch   float64            `json:"epoch"`             // the same in epochs of the data
	Metrics map[string]float64 `json:"metrics,omitempty"` // whatever was measured; finite

	// The rest is set by [Ensemble.Add].

	File   string `json:"file"`   // within the directory
	SHA256 string `json:"sha256"` // of the file, in hexadecimal
	Bytes  int64  `json:"bytes"`
}

// fileName is that of a member of any name: what a file name cannot hold is escaped as in
// an address.
func fileName(member string) string { return url.PathEscape(member) + ".safetensors" }

// mostBytes of a file name are left by file systems that allow 255, with a temporary's.
const mostBytes = 200

// check refuses what Add must not be given.
func (m Member) check() error {
	if m.Name == "" {
		return fmt.Errorf("%w: a member has no name", ErrManifest)
	}
	if n := len(fileName(m.Name)); n > mostBytes {
		return fmt.Errorf("%w: member %q: its file would have a name of %d bytes: at most %d are possible", ErrManifest, m.Name, n, mostBytes)
	}
	for _, text := range append(slices.Sorted(maps.Keys(m.Metrics)), m.Name, m.Phase) {
		if err := checkText(text); err != nil {
			return fmt.Errorf("member %q: %w", m.Name, err)
		}
	}
	if !finite(m.Epoch) || m.Epoch < 0 {
		return fmt.Errorf("%w: member %q: epoch %g", ErrManifest, m.Name, m.Epoch)
	}
	for _, key := range slices.Sorted(maps.Keys(m.Metrics)) {
		if v := m.Metrics[key]; !finite(v) {
			return fmt.Errorf("%w: member %q: the metric %q is %g: a finite number is expected", ErrManifest, m.Name, key, v)
		}
	}
	return nil
}

// checkFile refuses what Add cannot have written.
func (m Member) checkFile() error {
	if want := fileName(m.Name); m.File != want {
		return fmt.Errorf("%w: member %q: its file is %q, not %q", ErrManifest, m.Name, m.File, want)
	}
	if sum, err := hex.DecodeString(m.SHA256); err != nil || hex.EncodeToString(sum) != m.SHA256 || len(sum) != 32 {
		return fmt.Errorf("%w: member %q: its sha256 is %q: 64 hexadecimal digits are expected", ErrManifest, m.Name, m.SHA256)
	}
	if m.Bytes < 1 {
		return fmt.Errorf("%w: member %q: its file has %d bytes", ErrManifest, m.Name, m.Bytes)
	}
	return nil
}

// checkText refuses what JSON would change.
func checkText(text string) error {
	if !utf8.ValidString(text) {
		return fmt.Errorf("%w: the text %q is not UTF-8", ErrManifest, text)
	}
	return nil
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
