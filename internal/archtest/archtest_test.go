package archtest

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "github.com/cascade-hpc/cascade"

// areas maps a directory, with all below it that has no line of its own, to the
// areas it may import beside itself. "nn/*" stands for everything below nn that
// has no line of its own.
var areas = map[string][]string{
	"internal":    {},
	"ops/avx512":  {},
	"ops/avx2":    {},
	"ops":         {"ops/avx512", "ops/avx2", "internal"},
	"ops/bench":   {"ops", "ops/avx512", "ops/avx2", "internal"},
	"nn/internal": {"ops", "internal"},
	"nn":          {"nn/internal", "ops", "internal"},
	"nn/*":        {"nn", "nn/internal", "ops", "internal"},
	"data":        {"ops", "internal"},
	"dist":        {"ops", "internal"},
	"dist/bench":  {"nn", "nn/*", "nn/train", "dist", "ops", "internal"},
	"nn/train":    {"nn", "nn/*", "data", "dist", "ops", "internal"},
	"recipes":     {"nn", "nn/*", "nn/train", "data", "dist", "ops", "internal"},
}

// cgo lists the packages that may call C. All others build without a C compiler.
var cgo = []string{"data/internal/h5"}

// area finds the line for a directory of the module: the longest that fits.
func area(dir string) (string, bool) {
	for at := dir; at != "."; at = path.Dir(at) {
		if _, ok := areas[at]; ok && !(at == "nn" && dir != "nn") {
			return at, true
		}
	}
	return "nn/*", strings.HasPrefix(dir, "nn/")
}

// judge says what is wrong with an import by the package in dir; nil if nothing.
func judge(dir, imported string) error {
	from, ok := area(dir)
	if !ok {
		return fmt.Errorf("%s: the package belongs to no area: give it a line in internal/archtest", dir)
	}
	if imported == "C" && !slices.Contains(cgo, dir) {
		return fmt.Errorf("%s calls C: only %v may", dir, cgo)
	}
	target, ok := strings.CutPrefix(imported, module+"/")
	if !ok {
		return nil
	}
	to, ok := area(target)
	if !ok {
		return fmt.Errorf("%s imports %s, which belongs to no area", dir, target)
	}
	if to == from || slices.Contains(areas[from], to) {
		return nil
	}
	return fmt.Errorf("%s imports %s: %s may import itself and %v", dir, target, from, areas[from])
}

// TestImports reads every file of the module, whatever its build constraints,
// but for tests, which may look upwards from outside.
func TestImports(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	require.NoError(t, err)
	require.FileExists(t, filepath.Join(root, "go.mod"))
	packages := map[string]bool{}
	err = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return skip(root, name)
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		dir, err := filepath.Rel(root, filepath.Dir(name))
		if err != nil {
			return err
		}
		dir = filepath.ToSlash(dir)
		packages[dir] = true
		return checkFile(t, dir, name)
	})
	require.NoError(t, err)
	assert.True(t, packages["ops"] && packages["internal/archtest"], "the walk found %v", packages)
}

// skip leaves out what is no part of the module's packages.
func skip(root, dir string) error {
	base := filepath.Base(dir)
	if dir == root {
		return nil
	}
	if base == "testdata" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") {
		return filepath.SkipDir
	}
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
		return filepath.SkipDir // a module of its own
	}
	return nil
}

func checkFile(t *testing.T, dir, name string) error {
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
	if err != nil {
		return err
	}
	if len(file.Imports) == 0 {
		assert.NoError(t, judge(dir, "fmt"), "%s", name)
	}
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return err
		}
		assert.NoError(t, judge(dir, imported), "%s", name)
	}
	return nil
}

func TestJudge(t *testing.T) {
	tests := map[string]struct {
		dir, imported string
		allowed       bool
	}{
		"standard library":                   {"ops/avx512", "math", true},
		"third party":                        {"ops", "github.com/klauspost/cpuid/v2", true},
		"recipe to the loop":                 {"recipes/calogan", module + "/nn/train", true},
		"recipe to its own package":          {"recipes/calogan", module + "/recipes/calogan/shower", true},
		"loop to data":                       {"nn/train", module + "/data", true},
		"loop to an optimiser":               {"nn/train", module + "/nn/optim", true},
		"typed face to the language":         {"nn/conv3d", module + "/nn", true},
		"typed face to the graph":            {"nn/conv3d", module + "/nn/internal/ir", true},
		"zoo to volumes":                     {"nn/zoo", module + "/nn/conv3d", true},
		"anything to internal":               {"data/internal/h5", module + "/internal/philox", true},
		"internal to internal":               {"internal/golden", module + "/internal/safetensors", true},
		"language to primitives":             {"nn", module + "/ops", true},
		"primitives to kernels":              {"ops", module + "/ops/avx2", true},
		"C for HDF5":                         {"data/internal/h5", "C", true},
		"ensembles to the language":          {"nn/ensemble", module + "/nn", true},
		"ensembles to the loop":              {"nn/ensemble", module + "/nn/train", false},
		"language to ensembles":              {"nn", module + "/nn/ensemble", false},
		"language to volumes":                {"nn", module + "/nn/conv3d", false},
		"graph to the language":              {"nn/internal/ir", module + "/nn", false},
		"language to the loop":               {"nn", module + "/nn/train", false},
		"optimiser to the loop":              {"nn/optim", module + "/nn/train", false},
		"data to the language":               {"data", module + "/nn", false},
		"data to the graph":                  {"data/internal/h5", module + "/nn/internal/ir", false},
		"ranks to data":                      {"dist", module + "/data", false},
		"ranks to their bench":               {"dist", module + "/dist/bench", false},
		"primitives to the language":         {"ops", module + "/nn", false},
		"primitives to their bench":          {"ops", module + "/ops/bench", false},
		"kernels to primitives":              {"ops/avx512", module + "/ops", false},
		"kernels to internal":                {"ops/avx2", module + "/internal/philox", false},
		"kernels to kernels":                 {"ops/avx2", module + "/ops/avx512", false},
		"internal to anything":               {"internal/golden", module + "/ops", false},
		"loop to a recipe":                   {"nn/train", module + "/recipes/calogan/shower", false},
		"C elsewhere":                        {"ops", "C", false},
		"C beside HDF5":                      {"data", "C", false},
		"a package nobody has placed":        {"utils", "fmt", false},
		"to a package nobody has placed":     {"ops", module + "/utils", false},
		"name that only begins like an area": {"opsx", "fmt", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			err := judge(tt.dir, tt.imported)
			if tt.allowed {
				assert.NoError(t, err)
			} else {
				assert.ErrorContains(t, err, tt.dir)
			}
		})
	}
}
