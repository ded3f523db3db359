package dist

import (
	"fmt"
	"net"
	"time"
)

// watch begins, with peers that are known.
func (m *monitor) watch(peers []*peer) {
	m.peers, m.done = peers, make(chan struct{})
	for _, p := range peers {
		m.readers.Go(func() { m.read(p) })
	}
	m.beats.Go(m.beat)
}

func (m *monitor) beat() {
	tick := time.NewTicker(m.Heartbeat)
	defer tick.Stop()
	for {
		select {
		case <-m.done:
			return
		case <-tick.C:
			m.look()
			m.tell(m.own)
			if reason := m.judge(); reason != "" {
				m.finish(reason, false)
			}
		}
	}
}

// look brings up to date what this rank says of itself.
func (m *monitor) look() {
	number, name := m.does.now()
	m.mu.Lock()
	defer m.mu.Unlock()
	if number == m.own.Number && name == m.own.Name {
		m.own.For += m.Heartbeat
		return
	}
	m.own.Number, m.own.Name, m.own.For = number, name, 0
}

func (m *monitor) tell(what message) {
	for _, p := range m.peers {
		_ = p.say(what) // a peer that is gone is found by its reader
	}
}

// judge returns why all must end, or nothing.
func (m *monitor) judge() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := []message{m.own}
	for _, p := range m.peers {
		p.quiet++
		if p.quiet > missed && !p.last.Bye {
			return fmt.Sprintf("%s has given no sign of life for %v: it is stopped, its machine hangs, or the network to it does", p.last.who(), missed*m.Heartbeat)
		}
		all = append(all, p.last)
	}
	if m.own.Rank != 0 {
		return "" // it knows of two ranks alone
	}
	return stuck(all, m.Timeout)
}

// read takes what a peer says until it leaves.
func (m *monitor) read(p *peer) {
	for {
		said, err := p.hear()
		if err != nil {
			m.mu.Lock()
			last := p.last
			m.mu.Unlock()
			if !last.Bye {
				m.finish(last.who()+" has died: it was killed, or ended by itself and did not say why", false)
			}
			return
		}
		m.mu.Lock()
		said.Host, said.PID = p.last.Host, p.last.PID // who it is was said at the start
		p.last, p.quiet = said, 0
		m.mu.Unlock()
		if said.End != "" {
			m.finish(said.End, true)
			return
		}
	}
}

// finish ends all, once.
func (m *monitor) finish(reason string, told bool) {
	if m.spread(reason) {
		m.end(reason, told)
	}
}

// spread ends the watch and tells the others why all end, unless it has ended already.
func (m *monitor) spread(reason string) bool {
	own, first := m.stop()
	if first {
		own.End = reason
		m.tell(own)
	}
	return first
}

// stop ends the watch, the first time that it is called.
func (m *monitor) stop() (own message, first bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.over {
		return m.own, false
	}
	m.over = true
	close(m.done)
	return m.own, true
}

// leave says goodbye. Who closes a connection while there is something to read can lose
// what it said last, so that each waits until the other has said all, but not for long.
func (m *monitor) leave() {
	own, first := m.stop()
	if !first {
		return
	}
	m.beats.Wait() // a heartbeat behind the goodbye would take it back
	own.Bye = true
	m.tell(own)
	for _, p := range m.peers {
		if c, ok := p.conn.(*net.TCPConn); ok {
			_ = c.CloseWrite()
		}
		_ = p.conn.SetReadDeadline(time.Now().Add(lastWords))
	}
	m.readers.Wait()
	for _, p := range m.peers {
		_ = p.conn.Close()
	}
}
