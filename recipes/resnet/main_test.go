package main

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/cli"
)

func TestUsageListsEveryCommand(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, program.Run(t.Context(), &out, []string{"-h"}))
	for _, c := range program.Commands {
		assert.Contains(t, out.String(), c.Name)
		assert.Contains(t, out.String(), c.Help)
	}
	assert.Contains(t, out.String(), "ImageNet")
}

func TestEveryCommandHasHelp(t *testing.T) {
	for _, c := range program.Commands {
		assert.ErrorIs(t, c.Run(t.Context(), io.Discard, []string{"-h"}), flag.ErrHelp, c.Name)
	}
}

func TestMistakesInTheArguments(t *testing.T) {
	for _, tc := range []struct {
		name string
		args []string
		want string
	}{
		{"no such flag", []string{"train", "--epoch", "3"}, "-epoch"},
		{"not a flag", []string{"plan", "data.h5"}, `"data.h5" is not a flag`},
		{"no data", []string{"train"}, "--data is missing"},
		{"no such network", []string{"train", "--data", "x.h5", "--arch", "resnet9"}, "--arch resnet9: the networks are resnet8"},
		{"no data of a plan", []string{"plan"}, "--data is missing"},
		{"no data to test with", []string{"evaluate"}, "--data is missing"},
		{"no such rule", []string{"evaluate", "--data", "x.h5", "--rule", "mean"}, "--rule mean"},
		{"fewer than no threads", []string{"train", "--data", "x.h5", "--threads", "-1"}, "--threads -1"},
		{"two ways to say what to test with", []string{"train", "--data", "x.h5", "--test", "y.h5", "--hold-out", "0.1"}, "--test and --hold-out"},
		{"weights that grow", []string{"train", "--data", "x.h5", "--weight-decay", "-0.001"}, "--weight-decay -0.001"},
		{"epochs that are no number", []string{"train", "--data", "x.h5", "--epochs", "NaN"}, "--epochs NaN"},
		{"less padding than none", []string{"train", "--data", "x.h5", "--pad", "-2"}, "--pad -2"},
		{"peaks of a plan without cycles", []string{"train", "--data", "x.h5", "--plan", "cosine", "--peak", "0.5"}, "--peak 0.5: the plan cosine has no such peaks"},
		{"no reports", []string{"summarise"}, "summarise needs the names of reports"},
		{"several at once", []string{"train", "--epochs", "-1", "--ema", "2"}, "--ema 2"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			err := program.Run(t.Context(), io.Discard, tc.args)
			require.ErrorIs(t, err, cli.ErrUsage)
			assert.False(t, errors.Is(err, flag.ErrHelp))
			assert.ErrorContains(t, err, tc.want)
		})
	}
}

func TestSummariseNeedsReports(t *testing.T) {
	assert.ErrorContains(t, runSummarise(t.Context(), io.Discard, []string{"/nonexistent.json"}), "/nonexistent.json")
}

func TestAPlanHasThePeaksAskedFor(t *testing.T) {
	for peak, second := range map[string]string{"0.5": "0.1 ", "1": "0.2 "} {
		var out bytes.Buffer
		require.NoError(t, program.Run(t.Context(), &out, []string{
			"plan", "--data", quadrants(t), "--epochs", "20", "--batch", "4", "--lr", "0.2", "--members", "2", "--peak", peak, "--picture", filepath.Join(t.TempDir(), "plan.png"),
		}))
		assert.Contains(t, out.String(), second, "the peak of the second cycle")
	}
}

func TestPlanShowsATableAndAPicture(t *testing.T) {
	data, picture := quadrants(t), filepath.Join(t.TempDir(), "plan.png")
	var out bytes.Buffer
	require.NoError(t, program.Run(t.Context(), &out, []string{"plan", "--data", data, "--batch", "4", "--epochs", "10", "--members", "2", "--picture", picture}))
	assert.Contains(t, out.String(), "110 steps, 11 an epoch of 44 images")
	assert.Contains(t, out.String(), "2c")
	b, err := os.ReadFile(picture)
	require.NoError(t, err)
	assert.Equal(t, "\x89PNG", string(b[:4]))
}

func TestExplainTrainsNothing(t *testing.T) {
	x := short(quadrants(t), filepath.Join(t.TempDir(), "out"))
	x.explain = true
	var out bytes.Buffer
	require.NoError(t, x.run(t.Context(), &out))
	assert.Contains(t, out.String(), "res4a/conv_1")
	assert.NoDirExists(t, x.out)
}

func TestProfileTellsTheRate(t *testing.T) {
	x := short(quadrants(t), t.TempDir())
	x.profile = true
	var out bytes.Buffer
	require.NoError(t, x.run(t.Context(), &out))
	assert.Contains(t, out.String(), "19 steps of")
	assert.Contains(t, out.String(), "images a second")
}
