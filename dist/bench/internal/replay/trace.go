package replay

import (
	"bufio"
	"io"
	"strconv"

	"github.com/cascade-hpc/cascade/dist/bench/internal/record"
)

// Every worker is two actors on its node, as it is two threads that do not wait for each
// other: actor r computes, and actor ranks+r reduces. They tell each other with messages
// of a byte which bucket is final, and that all are reduced. Each has a core of its own.

// speed is what a core computes in a second, by definition: seconds are written as so many
// floating-point operations.
const speed = 1e9

// script writes what an actor does, in SimGrid's time-independent format: a line for each
// action, with the actor's number, its name and its operands.
type script struct {
	w     *bufio.Writer
	line  []byte
	actor int
}

// kindByte is SMPI's number of MPI_BYTE.
const kindByte = 6

func (s *script) do(action string, operands ...int) {
	s.line = strconv.AppendInt(s.line[:0], int64(s.actor), 10)
	s.line = append(append(s.line, ' '), action...)
	for _, o := range operands {
		s.line = strconv.AppendInt(append(s.line, ' '), int64(o), 10)
	}
	s.w.Write(append(s.line, '\n')) // bufio keeps the first error for Flush
}

// compute is so many seconds of work.
func (s *script) compute(seconds float64) {
	if n := int(seconds * speed); n > 0 {
		s.do("compute", n)
	}
}

// The tags of messages between the actors of a worker, and between workers.
const (
	tagData = iota
	tagTell
)

// tell sends the other actor of the worker a byte, and hear waits for one.
func (s *script) tell(actor int) { s.do("send", actor, tagTell, 1, kindByte) }
func (s *script) hear(actor int) { s.do("recv", actor, tagTell, 1, kindByte) }

// Trace writes the actions of an actor: 0 to n-1 are those that compute of n ranks, n to
// 2n-1 those that reduce.
func (j Job) Trace(w io.Writer, actor int) error {
	a, err := j.check()
	if err != nil {
		return err
	}
	s := &script{w: bufio.NewWriterSize(w, 1<<16), actor: actor}
	s.do("init")
	if rank := actor - j.ranks(); rank >= 0 {
		j.reduces(s, a, rank)
	} else {
		j.computes(s)
	}
	s.do("finalize")
	return s.w.Flush()
}

// computes writes the actor that runs the programs.
func (j Job) computes(s *script) {
	luck, other := j.luck(s.actor), s.actor+j.ranks()
	for range j.Steps {
		for _, run := range j.Step.Runs {
			pace := j.Pace * luck.draw(run.Ratios)
			list, at := buckets(run, j.Bucket), 0.
			for _, b := range list {
				if j.Overlap {
					s.compute(pace * (b.at - at))
					at = b.at
					s.tell(other)
				}
			}
			s.compute(pace * (run.Length - at))
			if !j.Overlap {
				for range list {
					s.tell(other)
				}
			}
			if len(list) > 0 {
				s.hear(other)
			}
			s.compute(pace * run.Update)
		}
	}
}

// reduces writes the actor that reduces the buckets.
func (j Job) reduces(s *script, a Algorithm, rank int) {
	memory := j.memory()
	for range j.Steps {
		for _, run := range j.Step.Runs {
			list := buckets(run, j.Bucket)
			for _, b := range list {
				s.hear(rank)
				s.compute(memory.Copy * float64(4*b.n))
				j.allreduce(s, a, rank, b.n, memory.Add)
				s.compute(memory.Scale * float64(4*b.n))
			}
			if len(list) > 0 {
				s.tell(rank)
			}
		}
	}
}

// memory is what bytes cost where the job runs.
func (j Job) memory() record.Memory {
	m := j.Step.Memory
	return record.Memory{Copy: m.Copy * j.CorePace, Scale: m.Scale * j.CorePace, Add: m.Add * j.CorePace}
}

// allreduce writes one sum of n float32s as messages.
func (j Job) allreduce(s *script, a Algorithm, rank, n int, add float64) {
	for r := range a(rank, j.ranks(), n) {
		if n := 4 * r.Send.Len(); n > 0 {
			s.do("isend", r.To+j.ranks(), tagData, n, kindByte)
		}
		n := 4 * r.Receive.Len()
		if n > 0 {
			s.do("irecv", r.From+j.ranks(), tagData, n, kindByte)
		}
		s.do("waitall")
		if r.Add {
			s.compute(add * float64(n))
		}
	}
}
