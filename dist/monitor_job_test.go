package dist

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/mpijob"
)

// faulty goes wrong as CASCADE_TEST_FAULT says: "kill 1 loop" in the third of five
// reductions of rank 1.
func faulty() error {
	f := strings.Fields(os.Getenv("CASCADE_TEST_FAULT"))
	what, who, when := f[0], f[1], f[2]
	l, _ := launched(os.Getenv)
	at := func(moment string) {
		if moment == when && (who == "all" || who == strconv.Itoa(l.rank)) {
			goWrong(what)
		}
	}
	at("start")
	c, err := Init()
	if err != nil {
		return err
	}
	x := make([]float32, 1000)
	for i := range 5 {
		if i == 2 {
			at("loop")
		}
		if err := Allreduce(c, x, Sum); err != nil {
			return err
		}
	}
	at("end")
	return c.Close()
}

// goWrong does what happens to a rank.
func goWrong(what string) {
	me := os.Getpid()
	switch what {
	case "kill":
		_ = syscall.Kill(me, syscall.SIGKILL)
	case "stop":
		_ = syscall.Kill(me, syscall.SIGSTOP)
	case "pause": // for longer than 15 heartbeats if that is of all, and a third of that otherwise
		later := "sleep " + os.Getenv("CASCADE_TEST_PAUSE") + "; kill -CONT " + strconv.Itoa(me)
		if err := exec.Command("sh", "-c", later).Start(); err == nil {
			_ = syscall.Kill(me, syscall.SIGSTOP)
		}
	case "idle":
		time.Sleep(time.Hour)
	case "exit":
		os.Exit(3)
	}
}

// TestFaultsOfRanksEndTheJob within the time that is stated, with the rank and the
// reason: here silence is a fifth of the usual one. A launcher that is faster than the
// monitor reports the signal that killed a rank.
func TestFaultsOfRanksEndTheJob(t *testing.T) {
	const idle = "is waited for, longer than CASCADE_DIST_TIMEOUT lets it"
	const silent = "has given no sign of life for 3s"
	mpijob.Each(t, func(t *testing.T, l mpijob.Launcher) {
		for _, test := range []struct {
			fault, says string
			also        string
		}{
			{"idle 2 start", "MPI has not started within 3s (CASCADE_DIST_TIMEOUT): ranks that do not say so are missing", ""},
			{"idle 2 loop", "rank 2 (", idle},
			{"idle 0 end", "rank 0 (", idle},
			{"kill 1 loop", "", "signal 9"},
			{"kill 0 loop", "", "signal 9"},
			{"exit 2 end", "rank 2 (", "has died"},
			{"stop 1 loop", "rank 1 (", silent},
			{"stop 0 loop", "rank 0 (", silent},
			{"stop 2 end", "rank 2 (", silent},
		} {
			t.Run(test.fault, func(t *testing.T) {
				t.Parallel()
				begin := time.Now()
				out, err := l.Job(t, 3, "faults", "CASCADE_TEST_FAULT="+test.fault, "CASCADE_DIST_TIMEOUT=3s", "CASCADE_DIST_HEARTBEAT=200ms")
				var exit *exec.ExitError
				require.True(t, errors.As(err, &exit), "%v: %s", err, out)
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
		for who, pause := range map[string]int{"1": 1, "0": 1, "all": 4} {
			t.Run(who, func(t *testing.T) {
				t.Parallel()
				out, err := l.Job(t, 3, "faults", "CASCADE_TEST_FAULT=pause "+who+" loop", fmt.Sprintf("CASCADE_TEST_PAUSE=%d", pause),
					"CASCADE_DIST_TIMEOUT=3s", "CASCADE_DIST_HEARTBEAT=200ms")
				require.NoError(t, err, out)
			})
		}
	})
}
