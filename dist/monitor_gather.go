package dist

import (
	"crypto/subtle"
	"fmt"
	"net"
	"time"
)

// gather waits for all other ranks. Connections greet side by side, so that a stranger
// who says nothing holds nobody up; who does not know the token is sent away.
func (inv *invitation) gather(l net.Listener, size int) ([]*peer, error) {
	come, done := make(chan *peer), make(chan struct{})
	defer close(done)
	go inv.accept(l, come, done)
	late := time.NewTimer(meeting)
	defer late.Stop()
	peers, known := make([]*peer, 0, size-1), make([]bool, size)
	for len(peers) < size-1 {
		select {
		case p := <-come:
			if rank := p.last.Rank; rank < 1 || rank >= size || known[rank] || p.say(inv.Root) != nil {
				_ = p.conn.Close()
				continue
			}
			known[p.last.Rank] = true
			peers = append(peers, p)
		case <-late.C:
			return peers, fmt.Errorf("%d of %d ranks have connected to rank 0 at %v within %v: does a firewall keep them apart?", len(peers), size-1, inv.Addresses, meeting)
		}
	}
	return peers, nil
}

// accept hands over those who know the token, until the listener is closed.
func (inv *invitation) accept(l net.Listener, come chan<- *peer, done <-chan struct{}) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			p := newPeer(conn)
			if inv.knows(p) {
				select {
				case come <- p:
					return
				case <-done:
				}
			}
			_ = conn.Close()
		}()
	}
}

func (inv *invitation) knows(p *peer) bool {
	_ = p.conn.SetReadDeadline(time.Now().Add(greeting))
	var err error
	p.last, err = p.hear()
	if err != nil || subtle.ConstantTimeCompare([]byte(p.last.Token), []byte(inv.Root.Token)) == 0 {
		return false
	}
	return p.conn.SetReadDeadline(time.Time{}) == nil
}
