package ensemble

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"

	"github.com/cascade-hpc/cascade/internal/atomicfile"
	"github.com/cascade-hpc/cascade/nn"
)

// Ensemble is a directory of members. It is for one goroutine, and one process at a time
// may add to a directory.
type Ensemble struct {
	dir      string
	manifest manifest
}

// Create starts an ensemble in a directory, which is made if it is not there. If it holds
// the ensemble that about describes, because a training was interrupted, its members stay
// until they are replaced. Errors: ErrOther if it holds an ensemble with another
// description, and those of [Open].
func Create(dir string, about About) (*Ensemble, error) {
	if err := about.check(); err != nil {
		return nil, failed(dir, err)
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, failed(dir, err)
	}
	e, err := Open(dir)
	if err == nil {
		if err := e.manifest.About.compare(about); err != nil {
			return nil, failed(dir, err)
		}
		return e, nil
	}
	if _, there := os.Lstat(filepath.Join(dir, manifestName)); !errors.Is(there, fs.ErrNotExist) {
		return nil, err
	}
	e = &Ensemble{dir: dir}
	next := manifest{Format: manifestFormat, Version: manifestVersion, About: about.clone(), Members: []Member{}}
	return e, e.set(next)
}

// Open reads the manifest of a directory and every byte of the members' files, which must
// be those that were added. Errors: ErrDamaged for each file that is missing, of another
// size or of another hash; ErrManifest; those of the file system.
func Open(dir string) (*Ensemble, error) {
	m, err := readManifest(filepath.Join(dir, manifestName))
	if err != nil {
		return nil, failed(dir, err)
	}
	var errs []error
	for _, member := range m.Members {
		errs = append(errs, member.verify(dir))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, failed(dir, err)
	}
	return &Ensemble{dir: dir, manifest: m}, nil
}

// About is what the ensemble was created with.
func (e *Ensemble) About() About { return e.manifest.About.clone() }

// Members are in the order of their steps; those of the same step in that of their
// addition.
func (e *Ensemble) Members() []Member {
	list := make([]Member, len(e.manifest.Members))
	for i, m := range e.manifest.Members {
		m.Metrics = maps.Clone(m.Metrics)
		list[i] = m
	}
	return list
}

// Add saves a net, with the running statistics of batch normalisation, as a member. A
// member of the name is replaced: a training that goes on from a checkpoint may add again
// what it had added. Whenever the process dies, the directory holds the members of its
// manifest, whole. Errors: ErrManifest for a member that cannot be described, and those
// of the file system.
func (e *Ensemble) Add(net *nn.Net, m Member) error {
	m.File, m.Metrics = fileName(m.Name), maps.Clone(m.Metrics)
	if err := m.check(); err != nil {
		return failed(e.dir, err)
	}
	temp := atomicfile.Temp(filepath.Join(e.dir, m.File))
	defer os.Remove(temp) // it is gone if all went well
	if err := net.Save(temp, map[string]string{"member": m.Name}); err != nil {
		return failed(e.dir, fmt.Errorf("member %q: %w", m.Name, err))
	}
	if err := m.measure(temp); err != nil {
		return failed(e.dir, fmt.Errorf("member %q: %w", m.Name, err))
	}
	return e.put(m, temp)
}

// put gives a member's file its name, and tells it in the manifest. The manifest forgets
// a file before it is replaced by another: there is no moment at which they disagree.
func (e *Ensemble) put(m Member, temp string) error {
	if old, ok := e.manifest.find(m.Name); ok && old.SHA256 != m.SHA256 {
		if err := e.set(e.manifest.without(m.Name)); err != nil {
			return err
		}
	}
	if err := atomicfile.Publish(temp, filepath.Join(e.dir, m.File)); err != nil {
		return failed(e.dir, fmt.Errorf("member %q: %w", m.Name, err))
	}
	return e.set(e.manifest.with(m))
}

// set makes a manifest that of the directory.
func (e *Ensemble) set(m manifest) error {
	if err := m.write(filepath.Join(e.dir, manifestName)); err != nil {
		return failed(e.dir, err)
	}
	e.manifest = m
	return nil
}

// Load gives a net the weights and statistics of a member. Errors: ErrNoMember, and
// those of nn.Net.Load.
func (e *Ensemble) Load(net *nn.Net, name string) error {
	m, ok := e.manifest.find(name)
	if !ok {
		return failed(e.dir, fmt.Errorf("%w: %q: there are %q", ErrNoMember, name, e.names()))
	}
	if err := net.Load(filepath.Join(e.dir, m.File)); err != nil {
		return failed(e.dir, fmt.Errorf("member %q: %w", name, err))
	}
	return nil
}

func (e *Ensemble) names() []string {
	names := make([]string, len(e.manifest.Members))
	for i, m := range e.manifest.Members {
		names[i] = m.Name
	}
	return names
}

func failed(dir string, err error) error { return fmt.Errorf("ensemble: %s: %w", dir, err) }
