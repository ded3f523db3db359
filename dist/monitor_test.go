package dist

import (
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestStuckNamesWhoIsWaitedFor(t *testing.T) {
	state := func(rank int, name string, since time.Duration) message {
		return message{Rank: rank, Host: "n", PID: 40 + rank, Number: 7, Name: name, For: since}
	}
	all := []message{state(0, "Allreduce", 6*time.Minute), state(1, "", 7*time.Minute), state(2, "Bcast", 0)}
	got := stuck(all, 5*time.Minute)
	assert.Equal(t, "rank 1 (n, process 41) has been out of collectives for 7m0s, after number 7; "+
		"rank 2 (n, process 42) has been in Bcast, number 7, for 0s, and is waited for, longer than CASCADE_DIST_TIMEOUT lets it: "+
		"rank 0 (n, process 40) has been in Allreduce, number 7, for 6m0s", got)
	assert.Empty(t, stuck(all, 0), "no end")
	assert.Empty(t, stuck(all, 6*time.Minute))
	all[1], all[2] = state(1, "Bcast", 6*time.Minute), state(2, "Bcast", 6*time.Minute)
	assert.Contains(t, stuck(all, 5*time.Minute), "all ranks wait for each other: rank 0")
	all[2].Bye = true
	assert.Contains(t, stuck(all, 5*time.Minute), "rank 2 (n, process 42) has left, and is waited for")
}

func TestSettingsOfTheMonitor(t *testing.T) {
	r, err := settings()
	require.NoError(t, err)
	assert.Equal(t, rhythm{time.Second, 30 * time.Minute}, r)
	t.Setenv("CASCADE_DIST_HEARTBEAT", "100ms")
	t.Setenv("CASCADE_DIST_TIMEOUT", "0")
	r, err = settings()
	require.NoError(t, err)
	assert.Equal(t, rhythm{100 * time.Millisecond, 0}, r)
	for name, value := range map[string]string{"CASCADE_DIST_HEARTBEAT": "0s", "CASCADE_DIST_TIMEOUT": "5"} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(name, value)
			_, err := settings()
			require.ErrorIs(t, err, ErrArgument)
			assert.ErrorContains(t, err, "found "+name+"="+value+", expected a time such as 10m")
		})
	}
}

// pair is two ranks that watch each other, and what they end with.
type pair struct {
	m    [2]*monitor
	does [2]activity
	ends chan string
}

func watchedPair() *pair {
	p := &pair{ends: make(chan string, 4)}
	c0, c1 := net.Pipe()
	for rank, conn := range []net.Conn{c0, c1} {
		p.m[rank] = &monitor{
			rhythm: rhythm{heartbeat, patience}, does: &p.does[rank], own: message{Rank: rank, Host: "n", PID: 40 + rank},
			end: func(reason string, told bool) {
				p.ends <- strconv.Itoa(rank) + ": " + reason + map[bool]string{true: " (told)"}[told]
			},
		}
		other := newPeer(conn)
		other.last = message{Rank: 1 - rank, Host: "n", PID: 41 - rank}
		p.m[rank].watch([]*peer{other})
	}
	return p
}

// close cuts the connection, so that all goroutines end.
func (p *pair) close() {
	for _, m := range p.m {
		m.stop()
		_ = m.peers[0].conn.Close()
	}
	synctest.Wait()
}

// hang stops a rank's heartbeats, and leaves its connection as it is.
func (p *pair) hang(rank int) { p.m[rank].stop() }

func TestSilenceEndsAfterFifteenHeartbeats(t *testing.T) {
	for rank := range 2 {
		synctest.Test(t, func(t *testing.T) {
			p := watchedPair()
			time.Sleep(time.Minute)
			begin := time.Now()
			p.hang(rank)
			assert.Equal(t, strconv.Itoa(1-rank)+": rank "+strconv.Itoa(rank)+" (n, process 4"+strconv.Itoa(rank)+
				") has given no sign of life for 15s: it is stopped, its machine hangs, or the network to it does", <-p.ends)
			assert.InDelta(t, 16, time.Since(begin).Seconds(), 1)
			p.close()
			assert.Empty(t, p.ends)
		})
	}
}

func TestAWaitThatIsTooLongEndsAllWithTheReason(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := watchedPair()
		time.Sleep(90*time.Second + time.Millisecond)
		begin := time.Now()
		p.does[1].enter("Allreduce")
		ends := []string{<-p.ends, <-p.ends}
		slices.Sort(ends)
		assert.Regexp(t, `^0: rank 0 \(n, process 40\) has been out of collectives for 31m3\ds, after number 0, and is waited for, `+
			`longer than CASCADE_DIST_TIMEOUT lets it: rank 1 \(n, process 41\) has been in Allreduce, number 1, for 30m\ds$`, ends[0])
		assert.Equal(t, "1"+ends[0][1:]+" (told)", ends[1])
		assert.InDelta(t, patience.Seconds(), time.Since(begin).Seconds(), 3)
		p.close()
	})
}

// TestWorkIsNoFault: collectives, however many, and the time between them.
func TestWorkIsNoFault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := watchedPair()
		for range 20 {
			p.does[1].enter("Allreduce") // and waits
			time.Sleep(4 * time.Minute)
			p.does[0].enter("Allreduce")
			time.Sleep(time.Minute / 2)
			p.does[0].leave()
			p.does[1].leave()
			time.Sleep(10 * time.Minute)
		}
		p.close()
		assert.Empty(t, p.ends)
	})
}

func TestARankThatDiesIsFoundAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := watchedPair()
		time.Sleep(time.Minute)
		begin := time.Now()
		p.m[1].stop()
		_ = p.m[1].peers[0].conn.Close()
		assert.Equal(t, "0: rank 1 (n, process 41) has died: it was killed, or ended by itself and did not say why", <-p.ends)
		assert.Zero(t, time.Since(begin))
		p.close()
		assert.Empty(t, p.ends)
	})
}

func TestWhatARankEndsForIsToldToAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := watchedPair()
		go p.m[1].spread("the disk is full")
		assert.Equal(t, "0: the disk is full (told)", <-p.ends)
		assert.False(t, p.m[0].spread("something else"), "the first reason counts")
		p.close()
	})
}

// TestALongReasonIsToldByItsBeginning: a line that does not fit would be taken for the
// death of who says it.
func TestALongReasonIsToldByItsBeginning(t *testing.T) {
	for _, letter := range []string{"x", "é", "<"} {
		synctest.Test(t, func(t *testing.T) {
			p := watchedPair()
			go p.m[1].spread("why: " + strings.Repeat(letter, 100_000))
			said := <-p.ends
			assert.True(t, strings.HasPrefix(said, "0: why: "), "%.100s", said)
			assert.True(t, strings.HasSuffix(said, letter+" (told)"), "%.100s", said)
			assert.Greater(t, len(said), 300)
			p.close()
		})
	}
}

func TestAGoodbyeIsNoDeath(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := watchedPair()
		time.Sleep(time.Minute)
		go p.m[1].leave()
		time.Sleep(time.Minute)
		p.m[0].leave()
		synctest.Wait()
		assert.Empty(t, p.ends)
	})
}
