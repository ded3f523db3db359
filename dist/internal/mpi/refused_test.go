package mpi

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// refused sends too much, which MPI finds: the job goes on, and so does the rank.
func refused() error {
	return with(func(_ *Library, c *Comm) error {
		long, short := make([]float32, 100), make([]float32, 10)
		var found *Error
		other := 1 - c.Rank()
		n, err := c.SendRecv(Message{pointer(long), 100, Float32, other, 1}, Message{pointer(short), 10, Float32, other, 1})
		if !errors.As(err, &found) {
			return fmt.Errorf("found %d elements, %v, expected an *Error", n, err)
		}
		// MPI_ERR_TRUNCATE is 14 in MPICH and 15 in the others.
		if found.Call != "MPI_Sendrecv" || (found.Class != 14 && found.Class != 15) || !strings.Contains(strings.ToLower(found.Text), "trunc") {
			return fmt.Errorf("found %#v, expected MPI_ERR_TRUNCATE", found)
		}
		if err := c.Allreduce(nil, pointer(short), -1, Float32, Sum); !errors.Is(err, ErrArgument) {
			return fmt.Errorf("found %v for a negative count", err)
		}
		return c.Barrier()
	})
}

func TestRefusesArgumentsThatWouldCrashALibrary(t *testing.T) {
	c := &Comm{lib: &Library{}, handle: 1, rank: 1, size: 2}
	buf := unsafe.Pointer(new([8]float32))
	ended := &Comm{lib: &Library{ended: true}, handle: 1, size: 2}
	tests := map[string]struct {
		err  error
		want error
		text string
	}{
		"negative count":               {c.Allreduce(nil, buf, -1, Float32, Sum), ErrArgument, "MPI_Allreduce: wrong argument: found -1 elements, expected 0 to 2147483647"},
		"count of more than an int":    {c.Bcast(buf, math.MaxInt32+1, Float32, 0), ErrArgument, "found 2147483648 elements"},
		"no buffer":                    {c.Allreduce(nil, nil, 3, Float32, Sum), ErrArgument, "found no buffer, expected 3 elements of MPI_FLOAT"},
		"no buffer to send":            {c.Reduce(nil, nil, 3, Float32, Sum, 0), ErrArgument, "found no buffer"},
		"no buffer in place":           {c.ReduceScatter(nil, nil, []int32{3, 0}, Float32, Sum), ErrArgument, "found no buffer, expected 3"},
		"unknown type":                 {c.Bcast(buf, 1, 4, 0), ErrArgument, "unknown Datatype(4)"},
		"unknown operation":            {c.Allreduce(nil, buf, 1, Float32, -1), ErrArgument, "unknown Op(-1)"},
		"sum of bytes":                 {c.Allreduce(nil, buf, 1, Byte, Sum), ErrArgument, "MPI_SUM is not defined on MPI_BYTE"},
		"root beyond the last rank":    {c.Bcast(buf, 1, Float32, 2), ErrArgument, "found root 2, expected 0 to 1"},
		"negative rank":                {c.Send(buf, 1, Float32, -1, 0), ErrArgument, "MPI_Send: wrong argument: found rank -1"},
		"tag":                          {c.Send(buf, 1, Float32, 0, MaxTag+1), ErrArgument, "found tag 32768, expected 0 to 32767"},
		"counts of too few ranks":      {c.ReduceScatter(buf, buf, []int32{1}, Float32, Sum), ErrArgument, "found 1 counts, expected one for each of 2 ranks"},
		"negative count of a rank":     {c.ReduceScatter(buf, buf, []int32{1, -2}, Float32, Sum), ErrArgument, "found -2 elements for rank 1"},
		"nil communicator":             {(*Comm)(nil).Barrier(), ErrArgument, "the communicator is nil"},
		"reduction on nil":             {(*Comm)(nil).Reduce(nil, buf, 1, Float32, Sum, 0), ErrArgument, "the communicator is nil"},
		"freed communicator":           {(&Comm{lib: &Library{}}).Barrier(), ErrArgument, "has been freed"},
		"after Finalize":               {ended.Barrier(), ErrFinalized, "MPI_Barrier: MPI has been finalized"},
		"second Finalize":              {ended.lib.Finalize(), ErrFinalized, "Finalize"},
		"communicator of all":          {(&Comm{lib: &Library{constants: mpichConstants}, handle: mpichConstants.world}).Free(), ErrArgument, "ends with Finalize"},
		"colour":                       {second(c.Split(-1, 0)), ErrArgument, "found colour -1"},
		"key":                          {second(c.Split(0, 1<<40)), ErrArgument, "found key 1099511627776"},
		"receiver of a message":        {second(c.Recv(buf, 1, Float32, 2, 0)), ErrArgument, "MPI_Recv: wrong argument: found rank 2"},
		"other direction of a message": {second(c.SendRecv(Message{buf, 1, Float32, 0, 0}, Message{buf, 1, Float32, 9, 0})), ErrArgument, "found rank 9"},
		"more to oneself than fits":    {second(c.SendRecv(Message{buf, 3, Float32, 1, 0}, Message{buf, 1, Float64, 1, 0})), ErrArgument, "found 3 elements of MPI_FLOAT for oneself, expected at most 1 of MPI_DOUBLE"},
		"thread level":                 {second((&Library{}).Init(0)), ErrArgument, "found thread level 0"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			require.ErrorIs(t, test.err, test.want)
			assert.ErrorContains(t, test.err, test.text)
		})
	}
}

func second[T any](_ T, err error) error { return err }
