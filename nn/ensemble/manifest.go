package ensemble

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/cascade-hpc/cascade/internal/atomicfile"
)

// manifest is what manifest.json holds. It has no times and no order but that of the
// training: a training that is killed and resumed leaves the same bytes as one that is not.
type manifest struct {
	Format  string   `json:"format"`
	Version int      `json:"version"`
	About   About    `json:"about"`
	Members []Member `json:"members"` // by steps, then in the order in which they came
}

const (
	manifestName    = "manifest.json"
	manifestFormat  = "cascade ensemble"
	manifestVersion = 1
)

// readManifest reads the file of that name.
func readManifest(path string) (manifest, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return manifest{}, err
	}
	m, err := parseManifest(text)
	if err != nil {
		return manifest{}, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}

// parseManifest is the opposite of write. Errors: ErrManifest.
func parseManifest(text []byte) (manifest, error) {
	var m manifest
	if err := decode(text, &m); err != nil {
		return manifest{}, err
	}
	if err := checkFormat(m.Format, manifestFormat, m.Version, manifestVersion); err != nil {
		return manifest{}, err
	}
	return m, m.check()
}

// decode reads one JSON value with no fields but those of v: what is not understood would
// be lost when the file is next written.
func decode(text []byte, v any) error {
	tokens := json.NewDecoder(bytes.NewReader(text))
	tokens.DisallowUnknownFields()
	if err := tokens.Decode(v); err != nil {
		return fmt.Errorf("%w: %w", ErrManifest, err)
	}
	if _, err := tokens.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: there is more behind its end", ErrManifest)
	}
	return nil
}

func checkFormat(found, expected string, version, known int) error {
	if found != expected {
		return fmt.Errorf("%w: its format is %q, not %q", ErrManifest, found, expected)
	}
	if version != known {
		return fmt.Errorf("%w: its version is %d: this program knows %d", ErrManifest, version, known)
	}
	return nil
}

func (m manifest) check() error {
	if err := m.About.check(); err != nil {
		return err
	}
	names := map[string]bool{}
	for i, member := range m.Members {
		if err := errors.Join(member.check(), member.checkFile()); err != nil {
			return err
		}
		if names[member.Name] {
			return fmt.Errorf("%w: two members are called %q", ErrManifest, member.Name)
		}
		names[member.Name] = true
		if i > 0 && member.Step < m.Members[i-1].Step {
			return fmt.Errorf("%w: member %q of step %d stands behind step %d", ErrManifest, member.Name, member.Step, m.Members[i-1].Step)
		}
	}
	return nil
}

// with is the manifest with a member in its place, and no other of the name.
func (m manifest) with(member Member) manifest {
	m = m.without(member.Name)
	m.Members = append(m.Members, member)
	slices.SortStableFunc(m.Members, func(a, b Member) int { return cmp.Compare(a.Step, b.Step) })
	return m
}

func (m manifest) without(name string) manifest {
	m.Members = slices.DeleteFunc(slices.Clone(m.Members), func(member Member) bool { return member.Name == name })
	return m
}

func (m manifest) find(name string) (Member, bool) {
	i := slices.IndexFunc(m.Members, func(member Member) bool { return member.Name == name })
	if i < 0 {
		return Member{}, false
	}
	return m.Members[i], true
}

func (m manifest) write(path string) error { return writeJSON(path, m) }

// writeJSON writes a value, indented; the file is whole or not there.
func writeJSON(path string, v any) error {
	return atomicfile.Write(path, func(w io.Writer) error { return encode(w, v) })
}

// encode is the opposite of decode.
func encode(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
