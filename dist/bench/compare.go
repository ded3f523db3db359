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
	"strings"

	"github.com/cascade-hpc/cascade/dist/bench/internal/record"
	"github.com/cascade-hpc/cascade/internal/atomicfile"
	"github.com/cascade-hpc/cascade/internal/cli"
)

// contest is one length of vector in several programs, which ran in turns.
type contest struct {
	Bytes int       `json:"bytes"`
	Ranks int       `json:"ranks"`
	C     []float64 `json:"c_us"`    // of the rounds
	Dist  []float64 `json:"dist_us"` //
	Local []float64 `json:"local_us"`
}

func runCompare(ctx context.Context, out io.Writer, args []string) error {
	fs := cli.Flags("bench compare", `Starts 'bench allreduce' and its twin in C under a launcher, and 'bench allreduce' with
as many goroutine ranks, one after the other, round after round.`)
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
	return writeJSON(*file, list)
}

// oneRound adds a run of each program to the list.
func oneRound(ctx context.Context, list *[]contest, launch []string, self, twin string, limits []string) error {
	c, err := timingsOf(ctx, append(slices.Clone(launch), twin, limits[0], limits[1]))
	if err != nil {
		return err
	}
	flags := []string{"allreduce", "--json", "--min", limits[0], "--max", limits[1]}
	d, err := timingsOf(ctx, append(append(slices.Clone(launch), self), flags...))
	if err != nil {
		return err
	}
	if len(c) != len(d) {
		return fmt.Errorf("%s measured %d lengths, bench %d", twin, len(c), len(d))
	}
	l, err := timingsOf(ctx, append([]string{self}, append(flags, "--ranks", fmt.Sprint(d[0].Ranks))...))
	if err != nil {
		return err
	}
	if *list == nil {
		*list = make([]contest, len(d))
	}
	for i := range *list {
		at := &(*list)[i]
		at.Bytes, at.Ranks = d[i].Bytes, d[i].Ranks
		at.C, at.Dist, at.Local = append(at.C, c[i].Mean), append(at.Dist, d[i].Mean), append(at.Local, l[i].Mean)
	}
	return nil
}

// timingsOf runs a command that prints timings.
func timingsOf(ctx context.Context, command []string) ([]timing, error) {
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Stderr = os.Stderr
	printed, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", strings.Join(command, " "), err)
	}
	var list []timing
	for d := json.NewDecoder(bytes.NewReader(printed)); ; {
		var t timing
		err := d.Decode(&t)
		if errors.Is(err, io.EOF) {
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
	fmt.Fprintf(out, "medians of %d rounds in µs; speed beside C is C's time by the other's, round by round\n", len(list[0].C))
	fmt.Fprintf(out, "%12s %12s %12s %10s %12s %16s\n", "bytes", "C", "dist", "beside C", "goroutines", "beside dist/MPI")
	for _, t := range list {
		fmt.Fprintf(out, "%12d %12.2f %12.2f %9.1f%% %12.2f %15.1fx\n", t.Bytes, record.Median(t.C), record.Median(t.Dist), 100*speed(t.C, t.Dist), record.Median(t.Local), speed(t.Dist, t.Local))
	}
}

func writeJSON(file string, what any) error {
	b, err := json.MarshalIndent(what, "", "  ")
	if err != nil {
		return err
	}
	return atomicfile.Write(file, func(w io.Writer) error {
		_, err := w.Write(append(b, '\n'))
		return err
	})
}
