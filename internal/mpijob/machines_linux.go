package mpijob

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// Link is the network interface of each of the [TwoMachines] to the other.
const Link = "cascade0"

// Machines are two that this one plays: each has a name, a network and shared memory of
// its own, and one link to the other. They share files, and cores.
type Machines struct {
	names [2]string
	pids  [2]int // of processes in them
	enter string // a program that runs a command on one of them, called as ssh is
}

// TwoMachines are there until the test ends. It is skipped where they cannot be had: that
// takes root, in a container also the capability to administer networks.
func TwoMachines(t testing.TB) *Machines {
	t.Helper()
	for _, program := range []string{"ip", "nsenter", "mount"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("two machines cannot be played: %v: scripts/install-mpi installs it", err)
		}
	}
	m := &Machines{names: [2]string{"cascade-one", "cascade-two"}}
	dir := t.TempDir()
	hosts := filepath.Join(dir, "hosts")
	write(t, hosts, 0o644, fmt.Sprintf("127.0.0.1 localhost\n10.77.0.1 %s\n10.77.0.2 %s\n", m.names[0], m.names[1]))
	for i, name := range m.names {
		m.pids[i] = machine(t, name, hosts)
	}
	if out, err := m.connect(); err != nil {
		t.Skipf("two machines cannot be connected: %v: %s", err, out)
	}
	m.enter = filepath.Join(dir, "enter")
	write(t, m.enter, 0o755, fmt.Sprintf(`#!/bin/sh
while [ "${1#-}" != "$1" ]; do shift; done # flags of ssh
case $1 in
%s) pid=%d ;;
%s) pid=%d ;;
*) echo "no machine is called $1" >&2; exit 1 ;;
esac
shift
exec nsenter --target $pid --net --uts --ipc --mount -- sh -c "$*"
`, m.names[0], m.pids[0], m.names[1], m.pids[1]))
	return m
}

func write(t testing.TB, path string, mode os.FileMode, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

// machine starts a process in namespaces of its own, which ends with the test, or with the
// process of the test, whose end of the pipe it reads.
func machine(t testing.TB, name, hosts string) (pid int) {
	t.Helper()
	cmd := exec.Command("sh", "-ec", `
echo "$1" >/proc/sys/kernel/hostname
mount -t tmpfs none /dev/shm
mount -t sysfs none /sys # which lists the network interfaces
mount --bind "$2" /etc/hosts
ip link set lo up
echo ready
read -r end || true`, "machine", name, hosts)
	cmd.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNET | syscall.CLONE_NEWUTS | syscall.CLONE_NEWIPC | syscall.CLONE_NEWNS}
	var trouble strings.Builder
	cmd.Stderr = &trouble
	in, err := cmd.StdinPipe()
	out, e := cmd.StdoutPipe()
	if err = errors.Join(err, e); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Skipf("two machines cannot be played: %v: it takes root", err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait() // it has said what it had to say
	})
	if err != nil || line != "ready\n" {
		t.Skipf("two machines cannot be played: %v: %s", err, trouble.String())
	}
	return cmd.Process.Pid
}

// connect puts one cable between them, and waits until it carries.
func (m *Machines) connect() (out []byte, err error) {
	out, err = exec.Command("ip", "link", "add", Link, "netns", strconv.Itoa(m.pids[0]),
		"type", "veth", "peer", "name", Link, "netns", strconv.Itoa(m.pids[1])).CombinedOutput()
	for _, script := range []string{
		"ip addr add 10.77.0.$1/24 dev $2; ip link set $2 up",
		"i=0; until [ $(cat /sys/class/net/$2/operstate) = up ]; do i=$((i + 1)); [ $i -lt 100 ]; sleep 0.1; done",
	} {
		for i, pid := range m.pids {
			if err == nil {
				out, err = exec.Command("nsenter", "--target", strconv.Itoa(pid), "--net", "--mount", "--",
					"sh", "-ec", script, "connect", strconv.Itoa(i+1), Link).CombinedOutput()
			}
		}
	}
	return out, err
}

// On is the launcher, on the first of the machines, with so many ranks on the first and on
// the second.
func (l Launcher) On(m *Machines, first, second int) Launcher {
	ranks := fmt.Sprintf("%s:%d,%s:%d", m.names[0], first, m.names[1], second)
	flags := []string{"--mca", "plm_rsh_agent", m.enter, "-H", ranks}
	if l.Name == "MPICH" {
		flags = []string{"-launcher", "ssh", "-launcher-exec", m.enter, "-hosts", ranks}
	}
	l.Command = append(append([]string{
		"nsenter", "--target", strconv.Itoa(m.pids[0]), "--net", "--uts", "--ipc", "--mount", "--",
	}, l.Command...), flags...)
	return l
}
