package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"

	"github.com/cascade-hpc/cascade/dist/bench/internal/record"
	"github.com/cascade-hpc/cascade/internal/atomicfile"
	"github.com/cascade-hpc/cascade/internal/cli"
)

// contest is one length of vector in several programs, which ran in turns. Times are in µs,
// one of each round.
type contest struct {
	Bytes int       `json:"bytes"`
	Ranks int       `json:"ranks"`
	C     []float64 `json:"c_us"`
	Dist  []float64 `json:"dist_us"`
	Calls []float64 `json:"dist_mpi_us"` // all sums left to MPI
	Local []float64 `json:"goroutines_us"`
}

func runCompare(ctx context.Context, out io.Writer, args []string) error {
	fs := cli.Flags("bench compare", `Starts 'bench allreduce' and its twin in C under a launcher, and 'bench allreduce' with as
many goroutine ranks, one after the other, round after round.`)
	launch := fs.String("launch", "", "the launcher with its flags, such as 'mpirun -n 2'")
	twin := fs.String("twin", "", "the C program, compiled by the launcher's mpicc")
	rounds := fs.Int("rounds", 7, "how often each is started")
	most := fs.Int("max", 100<<20, "bytes of the longest vector")
	file := fs.String("out", "", "JSON file of all times; none if empty")
	if err := fs.ParseFlags(out, args); err != nil {
		return err
	}
	if *launch == "" || *twin == "" || *rounds < 1 {
		return fmt.Errorf("%w: --launch, --twin and at least one of --rounds are needed", cli.ErrUsage)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	limits := []string{"4096", fmt.Sprint(*most)}
	under := strings.Fields(*launch)
	var list []contest
	for range *rounds {
		if err := oneRound(ctx, &list, under, self, *twin, limits); err != nil {
			return err
		}
	}
	printContests(out, list)
	if *file == "" {
		return nil
	}
	return atomicfile.WriteJSON(*file, list)
}

// oneRound adds a run of each program to the list.
func oneRound(ctx context.Context, list *[]contest, launch []string, self, twin string, limits []string) error {
	c, err := timingsOf(ctx, "", append(slices.Clone(launch), twin, limits[0], limits[1]))
	if err != nil {
		return err
	}
	flags := []string{"allreduce", "--json", "--min", limits[0], "--max", limits[1]}
	under := append(append(slices.Clone(launch), self), flags...)
	ranks := strconv.Itoa(c[0].Ranks)
	var of [3][]timing
	for i, run := range []struct {
		env     string
		command []string
	}{
		{"", under},
		{"CASCADE_SHARED_MEMORY=0", under},
		{"", append([]string{self, "allreduce", "--ranks", ranks}, flags[1:]...)},
	} {
		if of[i], err = timingsOf(ctx, run.env, run.command); err != nil {
			return err
		}
		if len(of[i]) != len(c) {
			return fmt.Errorf("%s measured %d lengths, bench %d", twin, len(c), len(of[i]))
		}
	}
	if *list == nil {
		*list = make([]contest, len(c))
	}
	for i := range *list {
		at := &(*list)[i]
		at.Bytes, at.Ranks = c[i].Bytes, c[i].Ranks
		at.C, at.Dist = append(at.C, c[i].Mean), append(at.Dist, of[0][i].Mean)
		at.Calls, at.Local = append(at.Calls, of[1][i].Mean), append(at.Local, of[2][i].Mean)
	}
	return nil
}

// timingsOf runs a command that prints timings, one at least.
func timingsOf(ctx context.Context, env string, command []string) ([]timing, error) {
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Stderr = os.Stderr
	if env != "" {
		cmd.Env = append(os.Environ(), env)
	}
	printed, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", strings.Join(command, " "), err)
	}
	var list []timing
	for d := json.NewDecoder(bytes.NewReader(printed)); ; {
		var t timing
		err := d.Decode(&t)
		if errors.Is(err, io.EOF) && len(list) > 0 {
			return list, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s printed no timings: %w", strings.Join(command, " "), err)
		}
		list = append(list, t)
	}
}

// speed is how fast b is beside a: the median over rounds of a's time by b's, both of one
// round.
func speed(a, b []float64) float64 {
	ratios := make([]float64, len(a))
	for i := range a {
		ratios[i] = a[i] / b[i]
	}
	return record.Median(ratios)
}

func printContests(out io.Writer, list []contest) {
	fmt.Fprintf(out, `medians of %d rounds, in µs, and in medians of the rounds' ratios how fast each is beside C:
  C           a program in C on MPI
  dist        the ranks of this program, as they are
  by MPI      the same with CASCADE_SHARED_MEMORY=0, which leaves all sums to MPI
  goroutines  ranks of one process
`, len(list[0].C))
	fmt.Fprintf(out, "%12s %12s %19s %19s %19s\n", "bytes", "C", "dist", "by MPI", "goroutines")
	for _, t := range list {
		fmt.Fprintf(out, "%12d %12.2f", t.Bytes, record.Median(t.C))
		for _, us := range [][]float64{t.Dist, t.Calls, t.Local} {
			fmt.Fprintf(out, " %12.2f %5.0f%%", record.Median(us), 100*speed(t.C, us))
		}
		fmt.Fprintln(out)
	}
}
