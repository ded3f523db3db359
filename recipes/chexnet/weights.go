package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cascade-hpc/cascade/internal/safetensors"
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/recipes/chexnet/nih"
)

// load gives net the weights of a model file of the same architecture. Of one with
// another number of outputs, such as the thousand of ImageNet, it takes all but the last
// layer, and says so.
func (a architecture) load(net *nn.Net, path string) (whole bool, err error) {
	if err := a.suits(path); err != nil {
		return false, err
	}
	outputs, err := outputsOf(path)
	if err != nil {
		return false, err
	}
	if outputs == nih.Count {
		return true, net.Load(path)
	}
	donor, err := a.build(outputs)
	if err != nil {
		return false, err
	}
	if err := donor.Load(path); err != nil {
		return false, err
	}
	from := donor.Params()
	for _, p := range net.Params() {
		if strings.HasPrefix(p.Path, logitsOutput+"/") {
			continue
		}
		i := slices.IndexFunc(from, func(q nn.Param) bool { return q.Path == p.Path })
		copy(p.Data, from[i].Data)
	}
	return false, nil
}

// suits refuses a model that says it is of another network, before all tensors are found
// to be missing. Files of other programs say nothing.
func (a architecture) suits(path string) error {
	metadata, err := nn.ReadMetadata(path)
	if err != nil {
		return err
	}
	if is, said := metadata[archKey]; said && is != a.name {
		return fmt.Errorf("%s: the weights are of the network %s, not %s", path, is, a.name)
	}
	return nil
}

// outputsOf is the number of outputs of the network that a file has the weights of.
func outputsOf(path string) (n int, err error) {
	f, err := safetensors.Open(path)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Info(logitsOutput + "/bias")
	if err != nil {
		return 0, err
	}
	if len(info.Shape) != 1 || info.Shape[0] < 1 {
		return 0, fmt.Errorf("%s: %s is %v; the last layer has a number for each output", path, info.Name, info.Shape)
	}
	return info.Shape[0], nil
}

// loadModel builds the network that train saved.
func loadModel(path string) (architecture, *nn.Net, error) {
	metadata, err := nn.ReadMetadata(path)
	if err != nil {
		return architecture{}, nil, err
	}
	a, err := architectureNamed(metadata[archKey])
	if err != nil {
		return a, nil, fmt.Errorf("%s: the metadata entry %q: %w", path, archKey, err)
	}
	net, err := a.build(nih.Count)
	if err != nil {
		return a, nil, err
	}
	return a, net, net.Load(path)
}
