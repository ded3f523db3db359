package dist

import (
	"errors"
	"net"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// met runs ranks that watch each other until work is done.
func met(t *testing.T, ranks int, work func(c *Comm) error) {
	t.Helper()
	require.NoError(t, Run(ranks, func(c *Comm) error {
		c.carrier.does = new(activity)
		if err := startMonitor(c, rhythm{heartbeat, patience}); err != nil {
			return err
		}
		return errors.Join(work(c), c.Barrier(), left(c))
	}))
}

func left(c *Comm) error {
	if m := c.carrier.monitor; m != nil {
		m.leave()
	}
	return nil
}

// open counts the descriptors of this process.
func open(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip(err)
	}
	return len(list)
}

// TestNothingIsLeftOfAWatch: neither goroutines nor connections.
func TestNothingIsLeftOfAWatch(t *testing.T) {
	met(t, 2, (*Comm).Barrier) // what Go opens once
	files, routines := open(t), runtime.NumGoroutine()
	for range 5 {
		met(t, 4, func(c *Comm) error {
			assert.NotNil(t, c.carrier.monitor)
			return Allreduce(c, []float64{1}, Sum)
		})
	}
	end := time.Now().Add(10 * time.Second)
	for (open(t) > files || runtime.NumGoroutine() > routines) && time.Now().Before(end) {
		time.Sleep(time.Millisecond)
	}
	assert.LessOrEqual(t, open(t), files)
	assert.LessOrEqual(t, runtime.NumGoroutine(), routines)
}

// TestRanksThatCannotConnectGoOnWithoutAWatch, with one warning.
func TestRanksThatCannotConnectGoOnWithoutAWatch(t *testing.T) {
	meets, dials := meeting, dial
	defer func() { meeting, dial = meets, dials }()
	meeting = 200 * time.Millisecond
	dial = func(string, string) (net.Conn, error) { return nil, errors.New("no route to host") }
	said := stderr(t, func() {
		met(t, 3, func(c *Comm) error {
			assert.Nil(t, c.carrier.monitor)
			x := []float64{1}
			err := Allreduce(c, x, Sum)
			assert.Equal(t, []float64{3}, x)
			return err
		})
	})
	assert.Equal(t, 1, strings.Count(said, "\n"), said)
	assert.Contains(t, said, "dist: warning: ranks that hang will not be found, and the job goes on without that: 0 of 2 ranks have connected to rank 0 at [127.0.0.1:")
}

// stderr is what f writes there.
func stderr(t *testing.T, f func()) string {
	t.Helper()
	file, err := os.CreateTemp(t.TempDir(), "")
	require.NoError(t, err)
	defer file.Close()
	before := os.Stderr
	os.Stderr = file
	defer func() { os.Stderr = before }()
	f()
	text, err := os.ReadFile(file.Name())
	require.NoError(t, err)
	return string(text)
}

// TestStrangersAreSentAway: scanners of ports, and ranks of other jobs.
func TestStrangersAreSentAway(t *testing.T) {
	l, err := listen(true)
	require.NoError(t, err)
	defer l.Close()
	inv := &invitation{Root: message{Host: "n", PID: 40, Token: "secret"}, Addresses: addresses(l, "n")}
	call := func(says string) net.Conn {
		conn, err := net.Dial("tcp", inv.Addresses[0])
		require.NoError(t, err)
		_, err = conn.Write([]byte(says))
		require.NoError(t, err)
		return conn
	}
	strangers := []net.Conn{
		call(""), call("GET / HTTP/1.0\r\n\r\n"), call(`{"Rank":1,"Token":"another"}` + "\n"), call(strings.Repeat("x", 1<<20)),
		call(`{"Rank":0,"Token":"secret"}` + "\n"), call(`{"Rank":3,"Token":"secret"}` + "\n"), call(`{"Rank":-1,"Token":"secret"}` + "\n"),
	}
	done := make(chan error, 3)
	for _, rank := range []int{1, 2} {
		go func() {
			p, err := inv.greet(inv.Addresses[0], message{Rank: rank, Host: "m", PID: 50 + rank})
			if err == nil {
				assert.Equal(t, "rank 0 (n, process 40)", p.last.who())
				defer p.conn.Close()
			}
			done <- err
		}()
	}
	peers, err := inv.gather(l, 3)
	require.NoError(t, err)
	require.NoError(t, errors.Join(<-done, <-done))
	require.Len(t, peers, 2)
	for _, p := range peers {
		assert.Contains(t, []string{"rank 1 (m, process 51)", "rank 2 (m, process 52)"}, p.last.who())
		require.NoError(t, p.conn.Close())
	}
	for i, c := range strangers {
		require.NoError(t, c.SetReadDeadline(time.Now().Add(10*time.Second)))
		_, err := c.Read(make([]byte, 1))
		assert.Error(t, err, "stranger %d", i)
		assert.NotErrorIs(t, err, os.ErrDeadlineExceeded, "stranger %d", i)
		_ = c.Close()
	}
}

// TestAnAddressOfSomebodyElseIsPassedOver: on every machine there may be one at which
// something else answers, or nothing.
func TestAnAddressOfSomebodyElseIsPassedOver(t *testing.T) {
	other, err := listen(true)
	require.NoError(t, err)
	defer other.Close()
	go func() {
		for {
			conn, err := other.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Write([]byte(`{"Rank":0,"Token":"mine"}` + "\n"))
			defer conn.Close()
		}
	}()
	closed, err := listen(true)
	require.NoError(t, err)
	require.NoError(t, closed.Close())
	l, err := listen(true)
	require.NoError(t, err)
	defer l.Close()
	inv := &invitation{Root: message{Token: "secret"}, Addresses: []string{closed.Addr().String(), other.Addr().String()}}
	_, err = inv.join(message{Rank: 1})
	require.ErrorContains(t, err, "connection refused")
	require.ErrorContains(t, err, other.Addr().String()+" is not rank 0")

	inv.Addresses = append(inv.Addresses, l.Addr().String())
	go func() {
		peers, err := inv.join(message{Rank: 1})
		if assert.NoError(t, err) {
			_ = peers[0].conn.Close()
		}
	}()
	peers, err := inv.gather(l, 2)
	require.NoError(t, err)
	require.NoError(t, peers[0].conn.Close())
}

// TestAHostWhoseNameSaysNothingIsReachedByItsInterfaces.
func TestAHostWhoseNameSaysNothingIsReachedByItsInterfaces(t *testing.T) {
	l, err := listen(false)
	require.NoError(t, err)
	defer l.Close()
	list := addresses(l, "no-such-host.invalid")
	interfaces, err := net.InterfaceAddrs()
	require.NoError(t, err)
	n := 0
	for _, a := range interfaces {
		if ip := a.(*net.IPNet).IP; ip.IsGlobalUnicast() {
			n++
			assert.Contains(t, list, (&net.TCPAddr{IP: ip, Port: l.Addr().(*net.TCPAddr).Port}).String())
		}
	}
	assert.Len(t, list, n)
	if n == 0 {
		_, err := (&invitation{}).join(message{})
		assert.ErrorContains(t, err, "rank 0 has no address that others reach")
	}
}
