package ensemble

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn"
)

// A killed training can only be had in a process of its own: the test binary runs itself,
// with this variable naming the directory.
const killedVariable = "CASCADE_ENSEMBLE_TEST_ADDS"

func TestMain(m *testing.M) {
	if dir := os.Getenv(killedVariable); dir != "" {
		fmt.Println(addForever(dir))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// addForever replaces a member by another, and back.
func addForever(dir string) error {
	e, err := Open(dir)
	if err != nil {
		return err
	}
	g := nn.New("net")
	net, err := g.Output("logits", g.Vec("x", 3).BatchNorm().Dense(2)).Build()
	if err != nil {
		return err
	}
	for seed := uint64(1); ; seed++ {
		net.Init(seed % 3)
		fmt.Println("adding")
		if err := e.Add(net, Member{Name: "1c", Step: 15, Metrics: map[string]float64{"seed": float64(seed % 3)}}); err != nil {
			return err
		}
	}
}

// TestAKilledTrainingLeavesAWholeEnsemble: at any moment the member is the old one, the
// new one, or not there; the others are untouched.
func TestAKilledTrainingLeavesAWholeEnsemble(t *testing.T) {
	dir := t.TempDir()
	made(t, dir)
	rng := rand.New(rand.NewPCG(1, 2))
	replaced := false
	for range 15 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), killedVariable+"="+dir)
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		lines := bufio.NewScanner(out)
		for range 1 + rng.IntN(3) {
			require.True(t, lines.Scan())
			require.Equal(t, "adding", lines.Text())
		}
		time.Sleep(time.Duration(rng.IntN(4000)) * time.Microsecond)
		require.NoError(t, cmd.Process.Kill())
		cmd.Wait()

		e, err := Open(dir)
		require.NoError(t, err)
		assert.Subset(t, e.names(), []string{"1", "2", "2c"})
		if m, ok := e.manifest.find("1c"); ok {
			seed, added := m.Metrics["seed"]
			replaced = replaced || added
			if added {
				net := newNet(t, 9)
				require.NoError(t, e.Load(net, "1c"))
				assert.Equal(t, newNet(t, uint64(seed)).Weights(), net.Weights())
			}
		}
	}
	assert.True(t, replaced, "no child got as far as to replace the member")
}
