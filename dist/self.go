package dist

import "os"

// Self is a group of one rank, whose collectives change nothing. Programs that are not
// launched in parallel run on it.
func Self() *Comm { return newComm(self{}, newCarrier(false), "a process of its own") }

// self is the transport of one rank. Comm does by itself what needs no other rank.
type self struct{}

func (self) rank() int                       { return 0 }
func (self) size() int                       { return 1 }
func (self) node() (rank, size int)          { return 0, 1 }
func (self) allreduce(vector, Op) error      { return nil }
func (self) reduce(vector, Op, int) error    { return nil }
func (self) bcast(vector, int) error         { return nil }
func (self) allgather(dst, src vector) error { copy(dst.bytes(), src.bytes()); return nil }

func (self) reduceScatter(dst, src vector, _ Op) error { copy(dst.bytes(), src.bytes()); return nil }

func (self) alltoall(dst, src vector) error { copy(dst.bytes(), src.bytes()); return nil }
func (self) barrier() error                 { return nil }
func (self) splitNode() (transport, error)  { return self{}, nil }
func (self) close() error                   { return nil }

func (self) split(colour, _ int) (transport, error) {
	if colour < 0 {
		return nil, nil
	}
	return self{}, nil
}

func (self) abort(code int, reason string) {
	os.Stderr.WriteString("dist: " + reason + "\n")
	os.Exit(code)
}
