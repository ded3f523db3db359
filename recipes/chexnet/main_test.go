package main

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/cli"
)

func TestEveryCommandExplainsItself(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, program.Run(t.Context(), &out, []string{"-h"}))
	for _, c := range program.Commands {
		assert.Contains(t, out.String(), c.Help)
		assert.ErrorIs(t, c.Run(t.Context(), io.Discard, []string{"-h"}), flag.ErrHelp, c.Name)
	}
}

func TestMistakesInTheArguments(t *testing.T) {
	for _, tc := range []struct {
		name string
		args []string
		want string
	}{
		{"too few patients", []string{"make", "--patients", "3"}, "--patients 3"},
		{"too small images", []string{"make", "--size", "8"}, "--size 8"},
		{"findings everywhere", []string{"make", "--rate", "1"}, "--rate 1"},
		{"a folder that is there", []string{"make", "--out", "."}, "there is something of that name already"},
		{"nothing to convert", []string{"convert"}, "--images is missing"},
		{"a negative size", []string{"convert", "--images", "x", "--size", "-1"}, "--size -1"},
		{"nothing to train on", []string{"train"}, "--data is missing"},
		{"an unknown network", []string{"train", "--data", "x", "--arch", "resnet"}, `there is no network "resnet"; there are densenet121 and small`},
		{"a rate of nothing", []string{"train", "--data", "x", "--lr", "0"}, "--lr 0"},
		{"no patience", []string{"train", "--data", "x", "--patience", "0"}, "--patience 0"},
		{"crops of nothing", []string{"train", "--data", "x", "--crop", "0"}, "--crop 0"},
		{"all for validation", []string{"train", "--data", "x", "--validation", "1"}, "--validation 1"},
		{"fewer than no threads", []string{"train", "--data", "x", "--threads", "-1"}, "--threads -1"},
		{"fewer than no threads to evaluate with", []string{"evaluate", "--data", "d", "--model", "m", "--threads", "-1"}, "--threads -1"},
		{"nothing to evaluate on", []string{"evaluate", "--model", "m"}, "--data is missing"},
		{"nothing to evaluate", []string{"evaluate", "--data", "d"}, "--model is missing"},
		{"no batch", []string{"evaluate", "--data", "d", "--model", "m", "--batch", "0"}, "--batch 0"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			err := program.Run(t.Context(), io.Discard, tc.args)
			require.ErrorIs(t, err, cli.ErrUsage)
			assert.False(t, errors.Is(err, flag.ErrHelp))
			assert.ErrorContains(t, err, tc.want)
		})
	}
}
