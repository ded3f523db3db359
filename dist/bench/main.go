package main

import "github.com/cascade-hpc/cascade/internal/cli"

var program = cli.Program{
	Name:  "bench",
	About: "bench measures what ranks cost each other.",
	Commands: []cli.Command{
		{Name: "allreduce", Help: "time sums over the ranks that were launched, or over goroutines", Run: runAllreduce},
		{Name: "compare", Help: "start allreduce and a C program in turns, and print how their times compare", Run: runCompare},
		{Name: "step", Help: "time training steps of one rank, of several apart, and of several together", Run: runStep},
		{Name: "trace", Help: "measure when in a training step each gradient is final", Run: runTrace},
		{Name: "scale", Help: "let SimGrid play such a step on more nodes than there are", Run: runScale},
	},
	Notes: `CASCADE_NUM_THREADS=1 GOMAXPROCS=1 keep a rank to one core. Open MPI binds two ranks
to a core each by itself; --bind-to none leaves that to the system.`,
}

func main() { program.Main() }
