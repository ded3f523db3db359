package workload

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/optim"
)

// Step is a training step.
type Step struct {
	Name  string
	Batch int // samples
	Parts []Part
}

// Part is a run of a program in a step, and the update behind it.
type Part struct {
	Name      string
	Program   *nn.Program
	Net       *nn.Net          // that is trained, or nil
	Optimizer *optim.Optimizer // of Net, or nil
	// Before prepares the program's inputs; nil where they stay as they are.
	Before func() error
}

// builders are the steps by name.
var builders = map[string]func(batch int, options ...nn.Option) ([]Part, error){
	"resnet20": resnet20,
	"resnet50": resnet50,
	"3dgan":    gan3d,
}

// Names are those of all steps.
func Names() []string {
	var names []string
	for name := range builders {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// New compiles the step of that name for a batch, all its programs with the options. Equal
// names and batches start with equal weights and data.
func New(name string, batch int, options ...nn.Option) (*Step, error) {
	build, ok := builders[name]
	if !ok {
		return nil, fmt.Errorf("workload: there is no step %q: %s are there", name, strings.Join(Names(), ", "))
	}
	if batch < 1 {
		return nil, fmt.Errorf("workload: a batch of %d: at least 1 sample is expected", batch)
	}
	parts, err := build(batch, options...)
	s := &Step{Name: name, Batch: batch, Parts: parts}
	if err != nil {
		s.Close()
		return nil, fmt.Errorf("workload: %s: %w", name, err)
	}
	return s, nil
}

// Run takes the step on one rank.
func (s *Step) Run(step uint64) error {
	for _, p := range s.Parts {
		if err := p.Run(step); err != nil {
			return err
		}
		p.Update()
	}
	return nil
}

// Run computes the part's gradients.
func (p Part) Run(step uint64) error {
	if p.Before != nil {
		if err := p.Before(); err != nil {
			return err
		}
	}
	return p.Program.Run(step)
}

// Update lets the optimiser take the gradients into the weights, if there is one.
func (p Part) Update() {
	if p.Optimizer != nil {
		p.Optimizer.Step()
	}
}

// FLOPs is the number of floating-point operations of the step.
func (s *Step) FLOPs() (n int64) {
	for _, p := range s.Parts {
		n += p.Program.FLOPs()
	}
	return n
}

// Close gives the memory of the programs back.
func (s *Step) Close() {
	for _, p := range s.Parts { // some share one, which may be closed again
		p.Program.Close()
	}
}
