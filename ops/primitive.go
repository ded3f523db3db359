package ops

// A Primitive is one computation, fixed at its creation by a descriptor and
// executed many times (oneDNN's term). Everything that can be decided from the
// shapes — blocking, the split of the work, which kernel — is decided when it
// is created; Exec only computes.
//
// A primitive keeps the arguments of the execution that is under way, so one
// primitive must not be executed by two goroutines at once. Two primitives may.
type Primitive interface {
	// Info describes the primitive. It is constant.
	Info() Info

	// Exec computes the outputs from the inputs. Their number, order and
	// lengths are stated by the constructor; memory is contiguous in the
	// layout the descriptor names. Exec does not allocate.
	Exec(x *Exec, in, out [][]float32)
}

// Info is what the verbose log, Explain and the profile show of a primitive.
type Info struct {
	Kind    string // oneDNN's name of the operation: "convolution", "pooling", ...
	Prop    string // "forward_training", "backward_data", "backward_weights", ... or ""
	Impl    string // implementation and instruction set: "brgemm:avx512", "ref:go"
	Problem string // sizes, in the notation of oneDNN's benchdnn where it has one
	FLOPs   int64  // floating-point operations of one execution (2 for a multiply-add)
	Bytes   int64  // bytes read and written at the least
	// Cycles estimates the time of one execution on one core. It is 0 where Bytes tell
	// more.
	Cycles  float64
	Scratch int // float32 of work memory shared by the whole execution
	// ScratchPerWorker is work memory, in float32, for each worker of the pool.
	ScratchPerWorker int
	// InPlace says that out[0] may be the very memory of in[0].
	InPlace bool
}

// Exec is the environment of an execution: who works, with what memory, in
// which step of which run. The caller owns it and may reuse it.
type Exec struct {
	Pool    *Pool
	Scratch []float32 // at least Info().Need(Pool.Workers()) floats, 64-byte aligned
	Seed    uint64    // of the run; random primitives draw from (Seed, their stream, Step)
	Step    uint64    // of the run
	Watch   Watcher   // is told what the workers do; nil for nobody
}

// Need is the length of Exec.Scratch that the primitive wants on a pool of the
// given number of workers, in float32. Each worker's part is 64-byte aligned.
func (i Info) Need(workers int) int {
	return RoundUp(i.Scratch) + workers*RoundUp(i.ScratchPerWorker)
}

// Shared is the part of the scratch memory that all workers share.
func (x *Exec) Shared(i *Info) []float32 { return x.Scratch[:i.Scratch] }

// Worker is the part of the scratch memory that belongs to one worker alone.
func (x *Exec) Worker(i *Info, worker int) []float32 {
	start := RoundUp(i.Scratch) + worker*RoundUp(i.ScratchPerWorker)
	return x.Scratch[start : start+i.ScratchPerWorker]
}

// NewExec returns an environment on the pool with scratch memory for p. Tests
// and benchmarks use it; a compiled program plans one block for all its steps.
func NewExec(pool *Pool, p Primitive) *Exec {
	info := p.Info()
	return &Exec{Pool: pool, Scratch: Alloc(info.Need(pool.Workers()))}
}
