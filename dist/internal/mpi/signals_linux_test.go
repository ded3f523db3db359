package mpi

import (
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/cascade-hpc/cascade/internal/mpijob"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func init() { roles["signals"] = signals }

func TestSignalsReachTheProgramAfterInit(t *testing.T) {
	mpijob.Each(t, func(t *testing.T, l mpijob.Launcher) {
		out, err := l.Job(t, 2, "signals")
		require.NoError(t, err, "%s", out)
	})
}

func TestSignalsReachTheProgramUnderTheStandardABI(t *testing.T) {
	out, err := mpijob.Alone(t, "signals", "CASCADE_LIBMPI="+stub(t, "libmpi_abi.so.1"))
	require.NoError(t, err, "%s", out)
}

// signals checks that a rank lives through signals: those of batch systems, which
// must reach the program, and those by which Go's scheduler interrupts threads.
func signals() error {
	return with(func(_ *Library, c *Comm) error {
		arrived := make(chan os.Signal, 16)
		signal.Notify(arrived, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGTERM)
		for _, s := range []syscall.Signal{syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGTERM} {
			if err := syscall.Kill(syscall.Getpid(), s); err != nil {
				return err
			}
			if err := await(arrived, s); err != nil {
				return err
			}
		}
		if err := interrupted(c, arrived); err != nil {
			return err
		}
		return busy(c)
	})
}

func await(arrived <-chan os.Signal, want syscall.Signal) error {
	select {
	case got := <-arrived:
		if got != want {
			return fmt.Errorf("found signal %v, expected %v", got, want)
		}
		return nil
	case <-time.After(5 * time.Second):
		return fmt.Errorf("%v has not arrived", want)
	}
}

// interrupted sends signals to the very thread that waits in MPI for rank 0.
func interrupted(c *Comm, arrived <-chan os.Signal) error {
	value := int64(7)
	if c.Rank() == 0 {
		time.Sleep(300 * time.Millisecond)
		return c.Bcast(unsafe.Pointer(&value), 1, Int64, 0)
	}
	value = 0
	pid, thread := unix.Getpid(), unix.Gettid()
	sent := make(chan error, 1)
	go func() {
		var err error
		for range 20 {
			time.Sleep(5 * time.Millisecond)
			if err == nil {
				err = unix.Tgkill(pid, thread, unix.SIGURG)
			}
		}
		if err == nil {
			err = unix.Tgkill(pid, thread, unix.SIGUSR1)
		}
		sent <- err
	}()
	if err := c.Bcast(unsafe.Pointer(&value), 1, Int64, 0); err != nil || value != 7 {
		return fmt.Errorf("found %d, %w", value, err)
	}
	if err := <-sent; err != nil {
		return err
	}
	return await(arrived, syscall.SIGUSR1)
}

// busy reduces while other goroutines compute, allocate and collect garbage.
func busy(c *Comm) error {
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		for {
			select {
			case <-stop:
				return
			default:
				_ = make([]*int, 1<<16)
				runtime.GC()
			}
		}
	}()
	buf := make([]float64, 1<<15)
	for round := range 20 {
		for i := range buf {
			buf[i] = float64(i + round)
		}
		if err := c.Allreduce(nil, pointer(buf), len(buf), Float64, Sum); err != nil {
			return err
		}
		for i, v := range buf {
			if want := float64((i + round) * c.Size()); v != want {
				return fmt.Errorf("round %d, element %d: found %v, expected %v", round, i, v, want)
			}
		}
	}
	return nil
}
