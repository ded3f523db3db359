package dist

import (
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/mpijob"
)

// faulty goes wrong as CASCADE_TEST_FAULT says: "1,loop,kill" in the third of five
// reductions of rank 1.
func faulty() error {
	f := strings.Split(os.Getenv("CASCADE_TEST_FAULT"), ",")
	who, when, what := f[0], f[1], f[2]
	l, _ := launched(os.Getenv)
	at := func(moment string) error {
		if moment == when && (who == "all" || who == strconv.Itoa(l.rank)) {
			return mpijob.Hurt(what)
		}
		return nil
	}
	if err := at("start"); err != nil {
		return err
	}
	c, err := Init()
	if err != nil {
		return err
	}
	x := make([]float32, 1000)
	for i := range 5 {
		if i == 2 {
			err = at("loop")
		}
		if err := errors.Join(err, Allreduce(c, x, Sum)); err != nil {
			return err
		}
	}
	return errors.Join(at("end"), c.Close())
}

// TestFaultsOfRanksEndTheJob within the time that is stated, with the rank and the
// reason: here silence is a fifth of the usual one. A launcher that is faster than the
// monitor reports the death of a rank in its own words, but is not always.
func TestFaultsOfRanksEndTheJob(t *testing.T) {
	const idle = "is waited for, longer than CASCADE_DIST_TIMEOUT lets it"
	const silent = "has given no sign of life for 3s"
	mpijob.Each(t, func(t *testing.T, l mpijob.Launcher) {
		var died atomic.Int32
		t.Cleanup(func() { assert.Positive(t, died.Load(), "of three that died one is reported") })
		for _, test := range []struct {
			fault, says string
			also        string
		}{
			{"2,start,idle", "MPI has not started within 3s (CASCADE_DIST_TIMEOUT): ranks that do not say so are missing", ""},
			{"2,loop,idle", "rank 2 (", idle},
			{"0,end,idle", "rank 0 (", idle},
			{"1,loop,kill", "signal 9", ""},
			{"0,loop,kill", "signal 9", ""},
			{"2,end,exit", "", ""},
			{"1,loop,stop", "rank 1 (", silent},
			{"0,loop,stop", "rank 0 (", silent},
			{"2,end,stop", "rank 2 (", silent},
		} {
			t.Run(test.fault, func(t *testing.T) {
				t.Parallel()
				begin := time.Now()
				out, err := l.Job(t, 3, "faults", "CASCADE_TEST_FAULT="+test.fault, "CASCADE_DIST_TIMEOUT=3s", "CASCADE_DIST_HEARTBEAT=200ms")
				var exit *exec.ExitError
				require.True(t, errors.As(err, &exit), "%v: %s", err, out)
				if strings.Contains(out, "rank "+test.fault[:1]+" (") && strings.Contains(out, "has died: it was killed") {
					died.Add(1)
				}
				assert.Contains(t, out, test.says)
				assert.Contains(t, out, test.also)
				assert.Less(t, time.Since(begin), 25*time.Second, out)
			})
		}
	})
}

// TestPausesEndNothing: of one rank, shorter than 15 heartbeats, and of all, however long.
func TestPausesEndNothing(t *testing.T) {
	mpijob.Each(t, func(t *testing.T, l mpijob.Launcher) {
		for _, fault := range []string{"1,loop,pause 1", "0,loop,pause 1", "all,loop,pause 4"} {
			t.Run(fault, func(t *testing.T) {
				t.Parallel()
				out, err := l.Job(t, 3, "faults", "CASCADE_TEST_FAULT="+fault, "CASCADE_DIST_TIMEOUT=3s", "CASCADE_DIST_HEARTBEAT=200ms")
				require.NoError(t, err, out)
			})
		}
	})
}
