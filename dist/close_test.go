package dist

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// endless is MPI that does not end.
type endless struct{ transport }

func (endless) close() error { select {} }

func TestCloseDoesNotWaitForMPIForEver(t *testing.T) {
	k := newCarrier(false)
	c := newComm(endless{Self().t}, k, "a test")
	c.world = true
	m := &monitor{rhythm: rhythm{Heartbeat: time.Millisecond}, does: new(activity)}
	m.watch(nil)
	k.monitor = m
	require.EqualError(t, c.Close(), "dist: Close: rank 0 of 1: MPI has not ended within 60ms, though all ranks have come to that")
	require.NoError(t, c.Close(), "it is closed")
	assert.ErrorIs(t, c.Barrier(), ErrClosed)
}
