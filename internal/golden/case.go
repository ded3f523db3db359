package golden

import (
	"bytes"
	_ "embed" // the vectors
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/cascade-hpc/cascade/internal/safetensors"
	"github.com/stretchr/testify/require"
)

//go:embed testdata/torch.safetensors
var vectors []byte

// file checks the vectors once for all tests of a process.
var file = sync.OnceValues(func() (*safetensors.File, error) {
	return safetensors.NewFile("torch.safetensors", bytes.NewReader(vectors), int64(len(vectors)))
})

// Case is one operation that PyTorch carried out. Its methods fail the test it
// was loaded for when what they are asked for is not there.
type Case struct {
	Name string
	Op   string         // "conv", "deconv", "batchnorm", "sgd", …
	Attr map[string]any // the operation's attributes, as encoding/json decodes them

	t    testing.TB
	file *safetensors.File
	raw  map[string]json.RawMessage
}

// Load gives the case of that name.
func Load(t testing.TB, name string) *Case {
	t.Helper()
	f, err := file()
	require.NoError(t, err)
	text, ok := f.Metadata()[name]
	require.True(t, ok, "golden: there is no case %q", name)
	c := &Case{Name: name, t: t, file: f}
	require.NoError(t, json.Unmarshal([]byte(text), &c.Attr), "golden: %s", name)
	require.NoError(t, json.Unmarshal([]byte(text), &c.raw), "golden: %s", name)
	attr(c, "op", &c.Op)
	return c
}

// Names lists the cases of an operation in order, of which there must be one at
// least.
func Names(t testing.TB, op string) []string {
	t.Helper()
	f, err := file()
	require.NoError(t, err)
	var names []string
	for name := range f.Metadata() {
		if Load(t, name).Op == op {
			names = append(names, name)
		}
	}
	require.NotEmpty(t, names, "golden: there is no case of %q", op)
	slices.Sort(names)
	return names
}

// Has reports whether the case has a tensor of that name; "b", say.
func (c *Case) Has(tensor string) bool {
	_, err := c.file.Info(c.Name + "/" + tensor)
	return err == nil
}

// Tensors lists the names of the case's tensors in order.
func (c *Case) Tensors() []string {
	var names []string
	for _, info := range c.file.Tensors() {
		if name, ok := strings.CutPrefix(info.Name, c.Name+"/"); ok {
			names = append(names, name)
		}
	}
	return names
}

// Shape is the shape of a tensor.
func (c *Case) Shape(tensor string) []int {
	c.t.Helper()
	info, err := c.file.Info(c.Name + "/" + tensor)
	require.NoError(c.t, err)
	return slices.Clone(info.Shape)
}

// F32 is a fresh copy of a tensor's elements, in row-major order.
func (c *Case) F32(tensor string) []float32 {
	c.t.Helper()
	return load[float32](c, tensor)
}

// I64 is F32 for class numbers.
func (c *Case) I64(tensor string) []int64 {
	c.t.Helper()
	return load[int64](c, tensor)
}

func load[T safetensors.Element](c *Case, tensor string) []T {
	c.t.Helper()
	data, err := safetensors.Load[T](c.file, c.Name+"/"+tensor)
	require.NoError(c.t, err)
	return data
}

// Int is a whole attribute: "groups".
func (c *Case) Int(name string) (n int) {
	c.t.Helper()
	attr(c, name, &n)
	return n
}

// Ints is a list attribute: "stride", "pad", "kernel".
func (c *Case) Ints(name string) (n []int) {
	c.t.Helper()
	attr(c, name, &n)
	return n
}

// Float is a number attribute: "lr", "eps".
func (c *Case) Float(name string) (x float64) {
	c.t.Helper()
	attr(c, name, &x)
	return x
}

// Bool is a flag attribute: "nesterov", "count_include_pad".
func (c *Case) Bool(name string) (b bool) {
	c.t.Helper()
	attr(c, name, &b)
	return b
}

func attr[T any](c *Case, name string, into *T) {
	c.t.Helper()
	text, ok := c.raw[name]
	require.True(c.t, ok, "golden: %s has no attribute %q", c.Name, name)
	require.NoError(c.t, json.Unmarshal(text, into), "golden: %s: attribute %q", c.Name, name)
}
