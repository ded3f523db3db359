//go:build !unix

package cli

import (
	"os"
	"syscall"
)

// queueSignals warn of the end of a job.
var queueSignals = []os.Signal{syscall.SIGTERM}
