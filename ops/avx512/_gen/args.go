package main

import (
	"log"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/gotypes"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Sizes in bytes.
const (
	scalar = 4
	word   = 8
)

// kernel is a function under construction whose only parameter is a pointer to
// an argument struct.
type kernel struct {
	*build.Context
	isa  isa
	args gotypes.Component
}

// begin starts a function on the struct named argsType.
func (a isa) begin(c *build.Context, name, argsType, doc string) kernel {
	c.Function(name)
	c.Attributes(build.NOSPLIT)
	c.Pragma("noescape")
	c.SignatureExpr("func(args *" + argsType + ")")
	c.Doc(doc)
	return kernel{c, a, c.Dereference(c.Param("args"))}
}

// tables are the constant data of each file.
var tables = map[*build.Context]map[string]operand.Mem{}

// table is constant data of 32-bit numbers. It is written once in a file.
func (k kernel) table(name string, numbers ...uint32) operand.Mem {
	if mem, ok := tables[k.Context][name]; ok {
		return mem
	}
	mem := k.StaticGlobal(name)
	k.DataAttributes(attr.RODATA | attr.NOPTR)
	for i, x := range numbers {
		k.AddDatum(i*scalar, operand.U32(x))
	}
	if tables[k.Context] == nil {
		tables[k.Context] = map[string]operand.Mem{}
	}
	tables[k.Context][name] = mem
	return mem
}

// field is the memory of a field of the argument struct.
func (k kernel) field(name string) operand.Mem {
	basic, err := k.args.Field(name).Resolve()
	if err != nil {
		log.Fatalf("field %s: %v", name, err)
	}
	return basic.Addr
}

// load is a field in a register.
func (k kernel) load(name string) reg.GPVirtual {
	r := k.GP64()
	k.MOVQ(k.field(name), r)
	return r
}

// loadMask is a field in a mask register.
func (k kernel) loadMask(name string) reg.Register {
	mask := k.K()
	k.KMOVW(k.load(name).As32(), mask)
	return mask
}

// zeros are n vectors of zeros.
func (k kernel) zeros(n int) []reg.VecVirtual {
	z := k.vectors(n)
	for i := range z {
		xor, err := k.isa.xor(z[i], z[i], z[i])
		if err != nil {
			log.Fatal(err)
		}
		xor.CancellingInputs = true // avo does not know, and would keep what was in z before
		k.Instruction(xor)
	}
	return z
}

func (k kernel) vector() reg.VecVirtual { return k.isa.register(k.Context) }

func (k kernel) vectors(n int) []reg.VecVirtual {
	z := make([]reg.VecVirtual, n)
	for i := range z {
		z[i] = k.vector()
	}
	return z
}

// like is a vector register of the size of another.
func (k kernel) like(v reg.Register) reg.VecVirtual {
	switch v.Size() {
	case reg.X0.Size():
		return k.XMM()
	case reg.Y0.Size():
		return k.YMM()
	}
	return k.ZMM()
}

// at is the memory bytes after the address in a register.
func at(base reg.Register, bytes int) operand.Mem {
	return operand.Mem{Base: base, Disp: bytes}
}

// finish returns. Go's own code uses SSE instructions, which are slow on many
// processors as long as the upper halves of vector registers are in use.
func (k kernel) finish() {
	k.VZEROUPPER()
	k.RET()
}
