package cli

import (
	"context"
	"errors"
	"os"
	"os/signal"
)

// StatusRequeue is the exit status of a training that a signal of a batch queue has
// ended and that has left a checkpoint: the same command with --resume goes on. Job
// scripts put their job into the queue again for it.
const StatusRequeue = 85

// errInterrupt is why a context ended by Ctrl-C was cancelled.
var errInterrupt = errors.New("interrupt")

// untilSignal is done at the first signal, so that a command tidies up. Then a Ctrl-C
// ends the process at once. The signals of a queue do nothing more: a launcher may pass
// on the one that each rank was sent, in the middle of a checkpoint.
func untilSignal() (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	for _, s := range queueSignals {
		if !signal.Ignored(s) { // as nohup does with SIGHUP
			signal.Notify(signals, s)
		}
	}
	go func() {
		select {
		case s := <-signals:
			signal.Reset(os.Interrupt)
			if s == os.Interrupt {
				cancel(errInterrupt)
			} else {
				cancel(nil)
			}
		case <-ctx.Done():
		}
	}()
	return ctx, func() { signal.Stop(signals); cancel(nil) }
}

// requeue tells whether err, of a command run with ctx, is one after which a job comes
// again. A rank that got no signal itself ends with those that did.
func (p Program) requeue(ctx context.Context, err error) bool {
	return p.Resumable != nil && errors.Is(err, p.Resumable) && !errors.Is(context.Cause(ctx), errInterrupt)
}
