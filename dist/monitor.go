package dist

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"strings"
	"sync"
	"time"
)

// What the monitor goes by; [Init] says what users must know of it.
const (
	// heartbeat is how often ranks say that they live, unless CASCADE_DIST_HEARTBEAT says
	// otherwise.
	heartbeat = time.Second
	// missed is how many heartbeats a rank may leave out. They are counted by those of
	// who listens, not by a clock: a queue that stops all ranks for an hour, and lets them
	// go on, ends nothing.
	missed = 15
	// atEnd is how many heartbeats MPI has to end when all ranks have come to that.
	atEnd = 60
	// patience is for ranks that wait in a collective, unless CASCADE_DIST_TIMEOUT says
	// otherwise. It is long: rank 0 may validate or write alone, and a job that is ended
	// for that is ended there again whenever it goes on.
	patience = 30 * time.Minute
	// lastWords is how long a rank that knows of the end waits for MPI to end it.
	lastWords = 5 * time.Second
)

// rhythm is what rank 0 tells all to go by.
type rhythm struct {
	Heartbeat time.Duration
	Timeout   time.Duration // 0 is never
}

// settings reads the environment.
func settings() (rhythm, error) {
	r := rhythm{heartbeat, patience}
	for _, v := range []struct {
		name  string
		value *time.Duration
		least time.Duration
	}{{"CASCADE_DIST_HEARTBEAT", &r.Heartbeat, time.Millisecond}, {"CASCADE_DIST_TIMEOUT", &r.Timeout, 0}} {
		text := os.Getenv(v.name)
		if text == "" {
			continue
		}
		d, err := time.ParseDuration(text)
		if err != nil || d < v.least {
			return r, fmt.Errorf("%w: found %s=%s, expected a time such as 10m, at least %v", ErrArgument, v.name, text, v.least)
		}
		*v.value = d
	}
	return r, nil
}

// message is what ranks tell rank 0, and rank 0 them, each heartbeat: a line of JSON.
type message struct {
	Token  string `json:",omitempty"` // in greetings
	Rank   int
	Host   string        `json:",omitempty"`
	PID    int           `json:",omitempty"`
	Number int64         // of the collective that is under way, or was last
	Name   string        `json:",omitempty"` // of the collective under way
	For    time.Duration // how long it has been the same, by heartbeats
	Bye    bool          `json:",omitempty"` // the rank leaves, and all is well
	End    string        `json:",omitempty"` // why all end
}

func (m message) who() string { return fmt.Sprintf("rank %d (%s, process %d)", m.Rank, m.Host, m.PID) }

func (m message) doing() string {
	switch {
	case m.Bye:
		return "has left"
	case m.Name == "":
		return fmt.Sprintf("has been out of collectives for %v, after number %d", m.For, m.Number)
	}
	return fmt.Sprintf("has been in %s, number %d, for %v", m.Name, m.Number, m.For)
}

// stuck says who waits for whom, if ranks have been in a collective for longer than limit,
// or nothing.
func stuck(all []message, limit time.Duration) string {
	if limit <= 0 {
		return ""
	}
	var waiting, missing []string
	for _, m := range all {
		is := m.who() + " " + m.doing()
		if !m.Bye && m.Name != "" && m.For > limit {
			waiting = append(waiting, is)
		} else {
			missing = append(missing, is)
		}
	}
	switch {
	case len(waiting) == 0:
		return ""
	case len(missing) == 0:
		return "all ranks wait for each other: " + strings.Join(waiting, "; ")
	}
	return strings.Join(missing, "; ") + ", and is waited for, longer than CASCADE_DIST_TIMEOUT lets it: " + strings.Join(waiting, "; ")
}

// monitor tells others what its rank does, and finds out what became of them: rank 0 of
// all, the others of rank 0.
type monitor struct {
	rhythm
	does *activity
	end  func(reason string, told bool) // ends this rank; told: rank 0 has said why

	mu      sync.Mutex
	own     message
	peers   []*peer
	over    bool
	done    chan struct{} // closed when over
	beats   sync.WaitGroup
	readers sync.WaitGroup
}

// peer is the other end of a connection.
type peer struct {
	conn  net.Conn
	in    *bufio.Reader
	last  message
	quiet int // own heartbeats since then
}

func newPeer(conn net.Conn) *peer { return &peer{conn: conn, in: bufio.NewReader(conn)} }

// hear reads the next message. A line that is longer than the buffer is of no rank.
func (p *peer) hear() (m message, err error) {
	line, err := p.in.ReadSlice('\n')
	if err != nil {
		return m, err
	}
	return m, json.Unmarshal(line, &m)
}

// say does not wait for a peer that does not read.
func (p *peer) say(m message) error {
	_ = p.conn.SetWriteDeadline(time.Now().Add(heartbeat / 4))
	_, err := p.conn.Write(m.line(p.in.Size()))
	return err
}

// line is the message in at most so many bytes: of a reason that is longer, such as one
// that lists a thousand ranks, its beginning. Who ends all prints the whole.
func (m message) line(most int) []byte {
	for {
		line, _ := json.Marshal(m) // of strings and numbers: it cannot fail
		if len(line) < most || m.End == "" {
			return append(line, '\n')
		}
		m.End = strings.ToValidUTF8(m.End[:len(m.End)/2], "")
	}
}
