// Command _gen writes the assembly of package avx512 or of package avx2, which it is
// given the name of, its Go declarations and the functions that choose between
// bodies. Run it with go generate in the folder of the package; README.md says how to
// read it.
package main

import (
	"log"
	"os"
	"path/filepath"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"
)

const (
	packages = "github.com/cascade-hpc/cascade/ops/"
	folders  = "../.." // of the packages, from the generator's
	tags     = "amd64 && !noasm"
)

func main() {
	log.SetFlags(0)
	// The package is read for its argument structs alone; without its assembly it
	// can be read even where that is missing or out of date.
	check(os.Setenv("GOFLAGS", "-tags=noasm"))
	if len(os.Args) != 2 {
		log.Fatal("usage: go run . avx512|avx2")
	}
	p := output{isaNamed(os.Args[1])}
	p.assemble("brgemm", p.isa.brgemm)
	p.assemble("dot", p.isa.dot)
	p.assemble("lanes", p.isa.interleaving)
	p.assemble("reorder", p.isa.transposing)
	p.assemble("blocked", p.isa.blocked)
	p.assemble("cells", p.isa.cells)
	p.assemble("cell_pooling", p.isa.cellWindowing)
	p.assemble("peak", p.isa.peak)
	p.write("dispatch_amd64.go", p.isa.dispatch())
	p.write("blocked_dispatch_amd64.go", p.isa.dispatchBlocked())
	p.streaming()
}

// streaming writes the kernels that go through tensors element by element.
func (p output) streaming() {
	p.assemble("elementwise", p.isa.elementwiseBodies)
	p.assemble("reduce", p.isa.reduceBodies)
	p.assemble("maximum", p.isa.maximum)
	p.assemble("dropout", p.isa.dropout)
	p.assemble("dropout_cells", p.isa.dropoutCells)
	p.assemble("window", p.isa.windows)
	p.assemble("upsample", p.isa.upsample)
	p.write("elementwise_dispatch_amd64.go", p.isa.elementwiseDispatch())
	p.write("reduce_dispatch_amd64.go", p.isa.reduceDispatch())
	p.write("window_dispatch_amd64.go", p.isa.windowDispatch())
}

// output writes the files of a package.
type output struct{ isa isa }

// assemble writes NAME_amd64.s and the stubs NAME_amd64.go.
func (p output) assemble(name string, generate func(c *build.Context)) {
	c := build.NewContext()
	c.Package(packages + p.isa.name)
	c.ConstraintExpr("amd64,!noasm") // tags, as avo writes it
	generate(c)
	file, err := c.Result()
	check(err)
	check(pass.Compile.Execute(file))
	p.write(name+"_amd64.s", p.text(printer.NewGoAsm, file))
	p.write(name+"_amd64.go", p.text(printer.NewStubs, file))
}

func (p output) text(b printer.Builder, file *ir.File) []byte {
	out, err := b(printer.Config{Argv: []string{"go", "generate"}, Pkg: p.isa.name}).Print(file)
	check(err)
	return out
}

func (p output) write(name string, data []byte) {
	check(os.WriteFile(filepath.Join(folders, p.isa.name, name), data, 0o644))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
