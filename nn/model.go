package nn

import (
	"fmt"
	"maps"

	"github.com/cascade-hpc/cascade/internal/safetensors"
)

// Save writes the net's parameters and running statistics as a safetensors file,
// which PyTorch, JAX and Keras read: one tensor for each, named by its path. The
// metadata are the caller's, and "format" and "net". A file of the name is replaced
// when the new one is whole and on disk, and kept on any error.
func (n *Net) Save(path string, metadata map[string]string) error {
	all := maps.Clone(metadata)
	if all == nil {
		all = map[string]string{}
	}
	all["format"], all["net"] = "cascade", n.Name()
	var tensors []safetensors.Tensor
	for _, p := range n.Params() {
		tensors = append(tensors, safetensors.Of(p.Path, p.Shape, p.Data))
	}
	if err := safetensors.Save(path, all, tensors...); err != nil {
		return fmt.Errorf("nn: saving net %q: %w", n.Name(), err)
	}
	return nil
}

// Load reads what Save wrote. The file must hold the parameters of this net and no
// others; the error lists all that does not fit, and the net is then unchanged.
func (n *Net) Load(path string) error {
	var targets []safetensors.Target
	for _, p := range n.Params() {
		targets = append(targets, safetensors.Target{Name: p.Path, Shape: p.Shape, Data: p.Data})
	}
	if _, err := safetensors.Restore(path, targets); err != nil {
		return fmt.Errorf("nn: loading net %q: %w", n.Name(), err)
	}
	return nil
}

// ReadMetadata returns the metadata of a model file.
func ReadMetadata(path string) (map[string]string, error) {
	f, err := safetensors.Open(path)
	if err != nil {
		return nil, fmt.Errorf("nn: %w", err)
	}
	metadata := f.Metadata()
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("nn: %w", err)
	}
	return metadata, nil
}
