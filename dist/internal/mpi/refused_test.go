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

// refused sends more to rank 1 than it has room for, which MPI finds: the job goes on, and
// so does the rank.
func refused() error {
	return with(func(_ *Library, c *Comm) error {
		buf := make([]float32, 100)
		err := c.Bcast(pointer(buf), 100-90*c.Rank(), Float32, 0)
		if c.Rank() == 0 && err != nil {
			return err
		}
		if c.Rank() == 1 {
			if err := truncated(err); err != nil {
				return err
			}
		}
		if err := c.Allreduce(nil, pointer(buf), -1, Float32, Sum); !errors.Is(err, ErrArgument) {
			return fmt.Errorf("found %v for a negative count", err)
		}
		return c.Barrier()
	})
}

// truncated expects MPI's error of a message that is too long.
func truncated(err error) error {
	var found *Error
	if !errors.As(err, &found) {
		return fmt.Errorf("found %v, expected an *Error", err)
	}
	// MPI_ERR_TRUNCATE is 14 in MPICH and 15 in the others.
	if found.Call != "MPI_Bcast" || (found.Class != 14 && found.Class != 15) || !strings.Contains(strings.ToLower(found.Text), "trunc") {
		return fmt.Errorf("found %#v, expected MPI_ERR_TRUNCATE", found)
	}
	return nil
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
		"negative count":            {c.Allreduce(nil, buf, -1, Float32, Sum), ErrArgument, "MPI_Allreduce: wrong argument: found -1 elements, expected 0 to 2147483647"},
		"count of more than an int": {c.Bcast(buf, math.MaxInt32+1, Float32, 0), ErrArgument, "found 2147483648 elements"},
		"no buffer":                 {c.Allreduce(nil, nil, 3, Float32, Sum), ErrArgument, "found no buffer, expected 3 elements of MPI_FLOAT"},
		"unknown type":              {c.Bcast(buf, 1, 4, 0), ErrArgument, "unknown Datatype(4)"},
		"unknown operation":         {c.Allreduce(nil, buf, 1, Float32, -1), ErrArgument, "unknown Op(-1)"},
		"sum of bytes":              {c.Allreduce(nil, buf, 1, Byte, Sum), ErrArgument, "MPI_SUM is not defined on MPI_BYTE"},
		"root beyond the last rank": {c.Bcast(buf, 1, Float32, 2), ErrArgument, "found root 2, expected 0 to 1"},
		"nil communicator":          {(*Comm)(nil).Barrier(), ErrArgument, "the communicator is nil"},
		"reduction on nil":          {(*Comm)(nil).Allreduce(nil, buf, 1, Float32, Sum), ErrArgument, "the communicator is nil"},
		"freed communicator":        {(&Comm{lib: &Library{}}).Barrier(), ErrArgument, "has been freed"},
		"after Finalize":            {ended.Barrier(), ErrFinalized, "MPI_Barrier: MPI has been finalized"},
		"second Finalize":           {ended.lib.Finalize(), ErrFinalized, "Finalize"},
		"communicator of all":       {(&Comm{lib: &Library{constants: mpichConstants}, handle: mpichConstants.world}).Free(), ErrArgument, "ends with Finalize"},
		"colour":                    {second(c.Split(-1, 0)), ErrArgument, "found colour -1"},
		"key":                       {second(c.Split(0, 1<<40)), ErrArgument, "found key 1099511627776"},
		"thread level":              {second((&Library{}).Init(0)), ErrArgument, "found thread level 0"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			require.ErrorIs(t, test.err, test.want)
			assert.ErrorContains(t, test.err, test.text)
		})
	}
}

func second[T any](_ T, err error) error { return err }
