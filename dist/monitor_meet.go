package dist

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strconv"
	"time"
)

// meeting is how long ranks have to connect to rank 0.
var meeting = 20 * time.Second

// greeting is how long one of its addresses is tried, and a greeting waited for.
const greeting = 2 * time.Second

// dial is of the network; tests put a firewall in its place.
var dial = (&net.Dialer{Timeout: greeting}).Dial

// invitation is what rank 0 sends to all through MPI.
type invitation struct {
	rhythm
	Root      message // with the token by which ranks of this job know each other
	Addresses []string
}

// invitationSize is that of what is sent, whatever there is to say.
const invitationSize = 2048

// startMonitor connects the ranks of the group beside MPI. Where that cannot be done, as
// behind a firewall between machines, rank 0 says so and the job runs without.
func startMonitor(c *Comm, r rhythm) error {
	host, err := os.Hostname()
	if err != nil {
		host = "a machine without a name"
	}
	m := &monitor{rhythm: r, does: c.carrier.does, own: message{Rank: c.Rank(), Host: host, PID: os.Getpid()}}
	m.end = func(reason string, told bool) { endRank(c, reason, told) }
	peers, problem := m.meet(c)
	failed := []int64{-1}
	if problem != nil {
		failed[0] = int64(c.Rank())
	}
	if err := Allreduce(c, failed, Max); err != nil {
		return err
	}
	if failed[0] < 0 {
		m.watch(peers)
		c.carrier.monitor = m
		return nil
	}
	for _, p := range peers {
		_ = p.conn.Close()
	}
	if c.Rank() == 0 {
		if problem == nil {
			problem = fmt.Errorf("rank %d cannot reach rank 0", failed[0])
		}
		fmt.Fprintf(os.Stderr, "dist: warning: ranks that hang will not be found, and the job goes on without that: %v\n", problem)
	}
	return nil
}

// endRank ends the job. Who was told why waits for rank 0 to do it, and where rank 0 is
// lost rank 1 is first, so that one line tells the reason.
func endRank(c *Comm, reason string, told bool) {
	time.AfterFunc(lastWords, func() { os.Exit(1) })
	if told {
		return
	}
	if c.Rank() > 1 {
		time.Sleep(lastWords / 2)
	}
	c.t.abort(1, reason)
}

// meet connects all ranks with rank 0. A problem of one rank is no reason for it to leave
// the collective of the others.
func (m *monitor) meet(c *Comm) (peers []*peer, problem error) {
	var l *net.TCPListener
	inv := invitation{rhythm: m.rhythm, Root: m.own}
	if c.Rank() == 0 {
		if l, problem = listen(c.LocalSize() == c.Size()); problem == nil {
			defer l.Close()
			inv.Root.Token = rand.Text()
			inv.Addresses = addresses(l, m.own.Host)
		}
	}
	if err := inv.send(c); err != nil {
		return nil, err
	}
	m.rhythm = inv.rhythm
	switch {
	case c.Rank() != 0:
		return inv.join(m.own)
	case problem != nil:
		return nil, problem
	}
	return inv.gather(l, c.Size())
}

func (inv *invitation) send(c *Comm) error {
	text, err := json.Marshal(inv)
	for len(text) > invitationSize && len(inv.Addresses) > 0 {
		inv.Addresses = inv.Addresses[:len(inv.Addresses)-1]
		text, err = json.Marshal(inv)
	}
	if err != nil {
		return err
	}
	card := make([]byte, invitationSize)
	for i := copy(card, text); i < len(card); i++ {
		card[i] = ' ' // which JSON allows
	}
	if err := BcastBytes(c, card, 0); err != nil {
		return err
	}
	return json.Unmarshal(card, inv)
}

// listen is for this machine alone if all ranks are on it.
func listen(alone bool) (*net.TCPListener, error) {
	var at net.TCPAddr
	if alone {
		at.IP = net.IPv4(127, 0, 0, 1)
	}
	return net.ListenTCP("tcp", &at)
}

// addresses are those at which others may reach the listener: first of the host's name,
// which may say nothing, then of the network interfaces.
func addresses(l *net.TCPListener, host string) []string {
	at := l.Addr().(*net.TCPAddr)
	if at.IP.IsLoopback() {
		return []string{at.String()}
	}
	ctx, cancel := context.WithTimeout(context.Background(), greeting)
	defer cancel()
	named, _ := net.DefaultResolver.LookupIPAddr(ctx, host)
	interfaces, _ := net.InterfaceAddrs()
	var list []string
	add := func(ip net.IP) {
		a := net.JoinHostPort(ip.String(), strconv.Itoa(at.Port))
		if ip.IsGlobalUnicast() && !slices.Contains(list, a) {
			list = append(list, a)
		}
	}
	for _, a := range named {
		add(a.IP)
	}
	for _, a := range interfaces {
		if n, ok := a.(*net.IPNet); ok {
			add(n.IP)
		}
	}
	return list
}

// join connects to the first address at which rank 0 answers.
func (inv *invitation) join(own message) ([]*peer, error) {
	if len(inv.Addresses) == 0 {
		return nil, errors.New("rank 0 has no address that others reach")
	}
	var failures []error
	for _, a := range inv.Addresses {
		p, err := inv.greet(a, own)
		if err == nil {
			return []*peer{p}, nil
		}
		failures = append(failures, err)
	}
	return nil, errors.Join(failures...)
}

func (inv *invitation) greet(address string, own message) (*peer, error) {
	conn, err := dial("tcp", address)
	if err != nil {
		return nil, err
	}
	p := newPeer(conn)
	own.Token = inv.Root.Token
	_ = conn.SetReadDeadline(time.Now().Add(greeting))
	err = p.say(own)
	if err == nil {
		p.last, err = p.hear()
	}
	if err == nil && (p.last.Token != own.Token || p.last.Rank != 0) {
		err = fmt.Errorf("%s is not rank 0", address)
	}
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return p, conn.SetReadDeadline(time.Time{})
}
