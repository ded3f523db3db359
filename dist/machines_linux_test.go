package dist

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/mpijob"
)

// passed is what rank 0 prints before MPI ends.
const passed = "all ranks of both machines passed"

func init() { roles["machines"] = onMachines }

// onMachines is for two ranks on each of two machines.
func onMachines() error {
	c, err := Init()
	if err != nil {
		return err
	}
	near, err := c.SplitNode()
	if err != nil {
		return err
	}
	if err := errors.Join(placed(c, near), twoHosts(c), bothWays(c, near), near.Close()); err != nil {
		return err
	}
	passAll(c)
	if c.Rank() == 0 {
		fmt.Println(passed)
	}
	return c.Close()
}

// placed: the ranks of a machine share its memory, those of both do not.
func placed(c, near *Comm) error {
	g, inMachine := near.t.(*mpiGroup)
	world, inAll := c.t.(*mpiGroup)
	switch {
	case c.LocalSize() != 2 || near.Size() != 2 || c.LocalRank() != near.Rank():
		return fmt.Errorf("rank %d is %d of %d on its machine", c.Rank(), c.LocalRank(), c.LocalSize())
	case !inMachine || g.shared == nil:
		return fmt.Errorf("rank %d does not share memory with the other on its machine", c.Rank())
	case !inAll || world.shared != nil:
		return fmt.Errorf("rank %d shares memory with those of another machine", c.Rank())
	case c.carrier.monitor == nil:
		return errors.New("nobody watches the ranks")
	}
	return nil
}

func twoHosts(c *Comm) error {
	host, err := os.Hostname()
	if err != nil {
		return err
	}
	const room = 64
	names := make([]byte, room*c.Size())
	if err := AllgatherBytes(c, names, fmt.Appendf(nil, "%-*s", room, host)); err != nil {
		return err
	}
	if slices.Equal(names[:room], names[len(names)-room:]) {
		return fmt.Errorf("all ranks are on %s", host)
	}
	return nil
}

// bothWays to add up come to the same.
func bothWays(c, near *Comm) error {
	h, err := Hierarchical(c, near)
	if err != nil {
		return err
	}
	for _, n := range []int{1, 2, 1001, 1 << 20} {
		plain, steps := fill[float32](c.Rank(), n), fill[float32](c.Rank(), n)
		if err := errors.Join(Allreduce(c, plain, Sum), Allreduce(h, steps, Sum)); err != nil {
			return err
		}
		if !slices.Equal(plain, steps) {
			return fmt.Errorf("sums of %d differ", n)
		}
	}
	return h.Close()
}

// TestTwoMachines pass what one passes, also with unlike numbers of ranks.
func TestTwoMachines(t *testing.T) {
	mpijob.Each(t, func(t *testing.T, l mpijob.Launcher) {
		m := mpijob.TwoMachines(t)
		for _, test := range []struct {
			first, second int
			role, says    string
		}{{2, 2, "machines", passed}, {1, 2, "checks", "rank 0 of 3 on " + l.Name}} {
			out, err := l.On(m, test.first, test.second).Job(t, test.first+test.second, test.role, "CASCADE_DIST_HEARTBEAT=500ms")
			assert.Contains(t, out, test.says)
			if err != nil {
				require.Equal(t, "MPICH", l.Name, out) // Debian's has an UCX with that fault
				assert.Contains(t, out, "MPI has not ended within 30s")
			}
		}
	})
}

// TestFaultsAcrossMachines end the job from the other end of a network as well. Open MPI's
// mpirun itself notices a cable that is cut when the system does, here after 3 s of
// keep-alive.
func TestFaultsAcrossMachines(t *testing.T) {
	keepalive := []string{"OMPI_MCA_oob_tcp_keepalive_time=1", "OMPI_MCA_oob_tcp_keepalive_intvl=1", "OMPI_MCA_oob_tcp_keepalive_probes=2"}
	mpijob.Each(t, func(t *testing.T, l mpijob.Launcher) {
		for fault, says := range map[string]string{
			"2,loop,kill":               `rank 2 \(cascade-two, .* has died|signal 9|EXIT CODE: 9`,
			"0,loop,kill":               `rank 0 \(cascade-one, .* has died|signal 9|EXIT CODE: 9`,
			"2,loop,stop":               `rank 2 \(cascade-two, .* has given no sign of life for 3s`,
			"0,loop,stop":               `rank 0 \(cascade-one, .* has given no sign of life for 3s`,
			"2,loop,cut " + mpijob.Link: `rank [23] \(cascade-two, .* has given no sign of life for 3s|lost communication with a remote daemon`,
		} {
			t.Run(fault, func(t *testing.T) {
				t.Parallel()
				begin := time.Now()
				env := append(keepalive, "CASCADE_TEST_FAULT="+fault, "CASCADE_DIST_TIMEOUT=10s", "CASCADE_DIST_HEARTBEAT=200ms")
				out, err := l.On(mpijob.TwoMachines(t), 2, 2).Job(t, 4, "faults", env...)
				var exit *exec.ExitError
				require.True(t, errors.As(err, &exit), "%v: %s", err, out)
				assert.Regexp(t, says, out)
				assert.Less(t, time.Since(begin), 25*time.Second, out)
			})
		}
	})
}
