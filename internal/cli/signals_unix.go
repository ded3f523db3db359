//go:build unix

package cli

import (
	"os"
	"syscall"
)

// queueSignals warn of the end of a job: what scripts ask for, what comes with the time
// limit, and what comes when a connection breaks.
var queueSignals = []os.Signal{syscall.SIGUSR1, syscall.SIGTERM, syscall.SIGHUP}
