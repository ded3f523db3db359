package ops

// inner is a primitive that another one executes, with scratch memory behind that of
// its own.
type inner struct {
	Primitive
	x   Exec
	in  [3][]float32
	out [2][]float32
}

// exec executes the primitive on the arguments that were set.
func (i *inner) exec(x *Exec, own int) {
	i.x = Exec{Pool: x.Pool, Scratch: x.Scratch[own:], Seed: x.Seed, Step: x.Step}
	i.Exec(&i.x, i.in[:], i.out[:])
	i.x, i.in, i.out = Exec{}, [3][]float32{}, [2][]float32{}
}

// share makes the scratch memory large enough for any one of the inner primitives:
// behind the own floats, whose number fills whole cache lines.
func (i *Info) share(own int, inners ...*inner) {
	i.Scratch = own
	for _, p := range inners {
		needs := p.Info()
		i.Scratch = max(i.Scratch, own+needs.Scratch)
		i.ScratchPerWorker = max(i.ScratchPerWorker, needs.ScratchPerWorker)
	}
}

// argument is an argument that may be missing at the end of the list.
func argument(list [][]float32, i int) []float32 {
	if i < len(list) {
		return list[i]
	}
	return nil
}
