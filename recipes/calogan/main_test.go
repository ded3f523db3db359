package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestUsageListsEveryCommand(t *testing.T) {
	for _, arg := range []string{"-h", "--help", "help"} {
		var out bytes.Buffer
		require.NoError(t, dispatch(context.Background(), []string{arg}, &out))
		for _, c := range commands {
			assert.Contains(t, out.String(), c.name)
			assert.Contains(t, out.String(), c.help)
		}
	}
}

func TestEveryCommandHasHelp(t *testing.T) {
	for _, c := range commands {
		assert.ErrorIs(t, c.run(context.Background(), []string{"-h"}), flag.ErrHelp, c.name)
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
			err := dispatch(context.Background(), tc.args, &out)
			require.ErrorIs(t, err, errUsage)
			assert.False(t, errors.Is(err, flag.ErrHelp))
			assert.ErrorContains(t, err, tc.want)
		})
	}
}
