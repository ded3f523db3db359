package train_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/internal/mpijob"
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/train"
)

// trainUnderMPI is a program like those of users: it goes on from a checkpoint if there is
// one, SIGTERM interrupts it, and its ranks end together. CASCADE_TEST_DIR is where it
// trains, CASCADE_TEST_FAULT what goes wrong, and CASCADE_TEST_NORM asks for batch
// normalisation that is synchronised.
func trainUnderMPI() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	c, err := dist.Init()
	if err != nil {
		return err
	}
	k := job(os.Getenv("CASCADE_TEST_DIR"), c.Size())
	k.ctx, k.norm = ctx, os.Getenv("CASCADE_TEST_NORM") != ""
	f := faultOf(os.Getenv("CASCADE_TEST_FAULT"), c.Rank())
	f.dir, f.ctx = k.dir, ctx
	k.step = func(_ *dist.Comm, at train.Position) error { return f.ahead(at) }
	k.change = f.change
	err = errors.Join(k.rank(c), f.at("end"), c.Close())
	if err == nil && c.Rank() == 0 {
		fmt.Println("all done")
	}
	return err
}

// job is the training of these tests. Its buckets have a given size, so that the same bits
// come out again, and few calls of MPI: ranks share cores here, and wait for each other.
func job(dir string, ranks int) *crew {
	k := &crew{dir: dir, ranks: ranks, reduce: train.Reduce{Bucket: 1 << 20}}
	if _, err := os.Stat(filepath.Join(dir, checkpointName)); err == nil {
		k.resume = true
	}
	k.begin()
	return k
}

const checkpointName = "checkpoint.safetensors"

// fault is what goes wrong, and when: "1,middle,kill". Moments are the first step, the
// middle of an epoch, that of a later one, a checkpoint while it is written, the last step, and the end, when
// the training is done and the rank has not left.
type fault struct {
	when, what string
	here       bool // on this rank
	dir        string
	large      bool // a checkpoint has ballast, so that there is time to write it
	ctx        context.Context
	loop       *train.Loop
	happened   chan struct{} // closed when it did, beside a step
}

// faultOf is a fault as this rank sees it, which may be none.
func faultOf(text string, rank int) *fault {
	f := strings.Split(text, ",")
	if len(f) != 3 {
		return &fault{}
	}
	return &fault{when: f[1], what: f[2], large: f[1] == "checkpoint", happened: make(chan struct{}), here: f[0] == "all" || f[0] == strconv.Itoa(rank)}
}

func (f *fault) change(c *dist.Comm, l *train.Loop) {
	if f.here {
		f.loop = l
	}
	if f.what == "diverge" {
		l.Epochs = 60 // so that weights are compared
	}
	if f.when == "checkpoint" {
		l.Every = time.Nanosecond // one ahead of every second step, so that one of them is caught
	}
	if f.large {
		l.State.Members = append(l.State.Members, train.Member{Net: ballast()})
	}
}

// ahead is called ahead of a step.
func (f *fault) ahead(at train.Position) error {
	switch {
	case !f.here:
	case at.Total == 4 && f.when == "checkpoint":
		go f.whenWriting()
	case at.Total == 15 && f.when == "checkpoint":
		select {
		case <-f.happened:
		case <-time.After(10 * time.Second):
			return errors.New("no checkpoint was caught")
		}
	case at.Total == 0 && f.when == "first", at.Total == 7 && f.when == "middle", at.Total == 12 && f.when == "later", at.Total == 19 && f.when == "last":
		return f.happen()
	}
	return nil
}

func (f *fault) at(moment string) error {
	if f.here && f.when == moment {
		return f.happen()
	}
	return nil
}

// whenWriting waits for the temporary file of a checkpoint that has something in it, ahead
// of all else that runs on the machine, as far as it is allowed to.
func (f *fault) whenWriting() {
	runtime.LockOSThread()
	_ = syscall.Setpriority(syscall.PRIO_PROCESS, 0, -20) // of this thread alone, on Linux
	for ; ; time.Sleep(200 * time.Microsecond) {
		list, _ := filepath.Glob(filepath.Join(f.dir, "."+checkpointName+".tmp-*"))
		for _, path := range list {
			if info, err := os.Stat(path); err == nil && info.Size() > 0 {
				if err := f.happen(); err != nil {
					panic(err)
				}
				close(f.happened)
				return
			}
		}
	}
}

func (f *fault) happen() error {
	switch f.what {
	case "full":
		return fillDisk(f.dir)
	case "term":
		err := mpijob.Hurt("term")
		<-f.ctx.Done() // Go hands signals over in a goroutine, which may be late
		return err
	case "nan":
		f.loop.State.Members[0].Net.Weights()[3] = float32(math.NaN())
		return nil
	case "diverge":
		f.loop.State.Members[0].Net.Weights()[3] *= 1.0001
		return nil
	}
	return mpijob.Hurt(f.what)
}

// filler is the file that takes what is left of a disk.
const filler = "filler"

func fillDisk(dir string) error {
	file, err := os.Create(filepath.Join(dir, filler))
	if err != nil {
		return err
	}
	defer file.Close()
	for _, size := range []int{1 << 20, 1 << 12} {
		for err = nil; err == nil; {
			_, err = file.Write(make([]byte, size))
		}
	}
	if errors.Is(err, syscall.ENOSPC) {
		return nil
	}
	return err
}

// outcome is what a training leaves: the whole checkpoint, and the log without times.
type outcome struct {
	checkpoint []byte
	log        []string
}

// ballast is a net of 16 MB that nothing trains.
func ballast() *nn.Net {
	g := nn.New("ballast")
	net, err := g.Output("y", g.Vec("x", 1999).Dense(2000).Dense(1)).Build()
	if err != nil {
		panic(err)
	}
	return net
}

// goOn trains to the end from whatever is in a directory, in this process.
func goOn(t *testing.T, dir string, ranks int, large bool) outcome {
	t.Helper()
	if err := os.Remove(filepath.Join(dir, filler)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		require.NoError(t, err)
	}
	k := job(dir, ranks)
	k.change = (&fault{large: large}).change
	require.NoError(t, k.run(t))
	return left(t, dir)
}

func left(t *testing.T, dir string) outcome {
	t.Helper()
	checkpoint, err := os.ReadFile(filepath.Join(dir, checkpointName))
	require.NoError(t, err)
	return outcome{checkpoint, columns(t, filepath.Join(dir, "log.csv"))}
}

// same says that two trainings came to the same bits.
func same(t *testing.T, want, got outcome) {
	t.Helper()
	require.Equal(t, want.log, got.log)
	require.True(t, bytes.Equal(want.checkpoint, got.checkpoint), "the checkpoints differ")
}
