package shm

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func ExampleBarrier() {
	m, name, err := Create(4096)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer m.Close()
	other, err := Open(name, 4096)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer other.Close()
	if err := Remove(name); err != nil {
		fmt.Println(err)
		return
	}
	var process sync.WaitGroup
	process.Go(func() { // as it were, another process
		other.Bytes()[1000] = 7
		NewBarrier(other.Bytes(), 2).Wait()
	})
	NewBarrier(m.Bytes(), 2).Wait()
	fmt.Println(m.Bytes()[1000])
	process.Wait() // memory that is waited in must not be closed
	// Output: 7
}

// TestNobodyPassesABarrierAhead: whoever is through finds that all have done what they do
// ahead of it, however late some are, awake and asleep.
func TestNobodyPassesABarrierAhead(t *testing.T) {
	const ranks, turns = 3, 3000
	m, name, err := Create(4096)
	require.NoError(t, err)
	require.NoError(t, Remove(name))
	var done [ranks]atomic.Int64
	var all sync.WaitGroup
	for rank := range ranks {
		b := NewBarrier(m.Bytes(), ranks)
		all.Go(func() {
			for turn := range int64(turns) {
				if (int(turn)+rank)%500 == 0 {
					time.Sleep(2 * time.Millisecond)
				}
				done[rank].Store(turn)
				b.Wait()
				for other := range done {
					got := done[other].Load()
					if got < turn || got > turn+1 {
						t.Errorf("turn %d: rank %d is through, and rank %d at turn %d", turn, rank, other, got)
						return
					}
				}
			}
		})
	}
	all.Wait()
	assert.Zero(t, NewBarrier(m.Bytes(), ranks).sleepers.Load())
	require.NoError(t, m.Close())
}

func TestMemoryIsRefused(t *testing.T) {
	before := files(t)
	_, _, err := Create(1 << 50)
	require.ErrorContains(t, err, "1125899906842624 bytes in /dev/shm")
	left := func() bool { // by this test or, for a moment, by others on this machine
		return slices.ContainsFunc(files(t), func(path string) bool {
			info, err := os.Stat(path)
			return err == nil && info.Size() == 0 && !slices.Contains(before, path)
		})
	}
	assert.Eventually(t, func() bool { return !left() }, 5*time.Second, 10*time.Millisecond)

	_, err = Open("cascade-nothing", 4096)
	assert.ErrorIs(t, err, os.ErrNotExist)

	m, name, err := Create(4096)
	require.NoError(t, err)
	_, err = Open(name, 8192)
	assert.ErrorContains(t, err, "has 4096 bytes, expected 8192")
	require.NoError(t, Remove(name))
	assert.Error(t, Remove(name))
	assert.NoError(t, m.Close())
}

// files are those of memory that has a name.
func files(t *testing.T) []string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(folder, "cascade-*"))
	require.NoError(t, err)
	return list
}
