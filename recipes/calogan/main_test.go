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

func TestUsageListsEveryCommand(t *testing.T) {
	for _, arg := range []string{"-h", "--help", "help"} {
		var out bytes.Buffer
		require.NoError(t, program.Run(t.Context(), &out, []string{arg}))
		for _, c := range program.Commands {
			assert.Contains(t, out.String(), c.Name)
			assert.Contains(t, out.String(), c.Help)
		}
	}
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
		{"nothing", nil, "no command"},
		{"no such command", []string{"simulat"}, `there is no command "simulat"`},
		{"no such flag", []string{"simulate", "--event", "3"}, "-event"},
		{"not a number", []string{"simulate", "--events", "many"}, "many"},
		{"not a flag", []string{"simulate", "out.h5"}, `"out.h5" is not a flag`},
		{"no events", []string{"simulate", "--events", "0"}, "--events 0"},
		{"falling spectrum", []string{"simulate", "--emin", "30", "--emax", "20"}, "from 30 to 20 GeV"},
		{"fewer than no threads", []string{"simulate", "--threads", "-1"}, "--threads -1"},
		{"no data", []string{"validate", "--gan", "g.h5"}, "--data is missing"},
		{"nothing to judge", []string{"validate", "--data", "d.h5"}, "--gan is missing"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var out bytes.Buffer
			err := program.Run(t.Context(), &out, tc.args)
			require.ErrorIs(t, err, cli.ErrUsage)
			assert.False(t, errors.Is(err, flag.ErrHelp))
			assert.ErrorContains(t, err, tc.want)
		})
	}
}
