//go:build unix

package mpijob

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Hurt does to this process what happens to ranks: "kill", "stop", "term", "exit" with
// status 3, "idle" for an hour, "pause 3", in which it is stopped for as many seconds, or
// "cut eth0", which takes a network interface from its machine.
func Hurt(what string) error {
	me := os.Getpid()
	what, of, _ := strings.Cut(what, " ")
	switch what {
	case "kill":
		return syscall.Kill(me, syscall.SIGKILL)
	case "stop":
		return syscall.Kill(me, syscall.SIGSTOP)
	case "term":
		return syscall.Kill(me, syscall.SIGTERM)
	case "exit":
		os.Exit(3)
	case "idle":
		time.Sleep(time.Hour)
		return nil
	case "cut":
		return exec.Command("ip", "link", "set", of, "down").Run()
	case "pause":
		if err := exec.Command("sh", "-c", "sleep "+of+"; kill -CONT "+strconv.Itoa(me)).Start(); err != nil {
			return err
		}
		return syscall.Kill(me, syscall.SIGSTOP)
	}
	return fmt.Errorf("mpijob: nothing is called %q", what)
}
