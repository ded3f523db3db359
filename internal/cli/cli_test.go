package cli

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// greet is a program whose command says what it was given.
var greet = Program{
	Name: "greet", About: "greet says hello.", Notes: "Names are not kept.",
	Commands: []Command{{"hello", "say hello to somebody", func(_ context.Context, out io.Writer, args []string) error {
		fs := Flags("greet hello NAME...", "Says hello.")
		times := fs.Int("times", 1, "say it `N` times")
		loud := fs.Bool("loud", false, "say it loudly")
		names, err := fs.Parse(out, args)
		if err != nil {
			return err
		}
		if *times > 10 {
			return errors.New("hoarse")
		}
		fmt.Fprintf(out, "%d %v %s", *times, *loud, strings.Join(names, "+"))
		return nil
	}}},
}

func TestFlagsMayStandAnywhere(t *testing.T) {
	for _, tc := range []struct {
		args, want string
	}{
		{"hello", "1 false"},
		{"hello --times 2 --loud ann bob", "2 true ann+bob"},
		{"hello ann --times=2 bob -loud", "2 true ann+bob"},
		{"hello ann -- --loud --times", "1 false ann+--loud+--times"},
		{"hello --loud -- --times", "1 true --times"},
		{"hello - ann", "1 false -+ann"},
	} {
		t.Run(tc.args, func(t *testing.T) {
			var out bytes.Buffer
			require.NoError(t, greet.Run(t.Context(), &out, strings.Fields(tc.args)))
			assert.Equal(t, tc.want, strings.TrimSpace(out.String()))
		})
	}
}

func TestHelpListsCommandsAndFlags(t *testing.T) {
	for _, arg := range []string{"-h", "--help", "help"} {
		var out bytes.Buffer
		require.NoError(t, greet.Run(t.Context(), &out, []string{arg}))
		assert.Contains(t, out.String(), "greet says hello.\n\nusage: greet COMMAND [flags]\n\n  hello      say hello to somebody\n")
		assert.Contains(t, out.String(), "\nNames are not kept.\n")
	}
	var out bytes.Buffer
	require.ErrorIs(t, greet.Run(t.Context(), &out, []string{"hello", "-h"}), flag.ErrHelp)
	assert.Contains(t, out.String(), "usage: greet hello NAME... [flags]\n\nSays hello.\n")
	assert.Contains(t, out.String(), "  --times N                say it N times (default 1)\n")
}

func TestMistakesAreToldFromFailures(t *testing.T) {
	for args, want := range map[string]string{
		"":                  "no command",
		"helo":              `there is no command "helo"; 'greet -h' lists them`,
		"hello --time 1":    "hello: usage: flag provided but not defined: -time; -h lists the flags",
		"hello --times one": `invalid value "one"`,
	} {
		err := greet.Run(t.Context(), io.Discard, strings.Fields(args))
		require.ErrorIs(t, err, ErrUsage, args)
		assert.ErrorContains(t, err, want)
		assert.NotErrorIs(t, err, flag.ErrHelp)
	}
	err := greet.Run(t.Context(), io.Discard, []string{"hello", "--times", "11"})
	assert.EqualError(t, err, "hello: hoarse")
	assert.NotErrorIs(t, err, ErrUsage)
}

func TestNumbersMustBeFinite(t *testing.T) {
	for _, x := range []string{"NaN", "Inf", "-Inf", "1e999"} {
		fs := Flags("greet", "")
		fs.Float64("volume", 1, "how loud")
		err := fs.ParseFlags(io.Discard, []string{"--volume", x})
		require.ErrorIs(t, err, ErrUsage, x)
		assert.ErrorContains(t, err, "volume", x)
	}
}

func TestOperandsWhereThereAreNone(t *testing.T) {
	fs := Flags("greet nobody", "")
	loud := fs.Bool("loud", false, "loudly")
	require.NoError(t, fs.ParseFlags(io.Discard, []string{"--loud"}))
	assert.True(t, *loud)
	err := fs.ParseFlags(io.Discard, []string{"ann", "--loud"})
	require.ErrorIs(t, err, ErrUsage)
	assert.ErrorContains(t, err, `"ann" is not a flag`)
	var out bytes.Buffer
	require.ErrorIs(t, fs.ParseFlags(&out, []string{"-h"}), flag.ErrHelp)
	assert.Equal(t, "usage: greet nobody [flags]\n\n  --loud                   loudly\n", out.String())
}

func TestProgressWithoutATerminalIsSilent(t *testing.T) {
	p := NewProgress(10, "writing", "rows") // stderr of a test is a pipe or a file
	p.Add(10)
	p.Finish()
}

func ExampleProgram_Run() {
	var out bytes.Buffer
	if err := greet.Run(context.Background(), &out, []string{"hello", "ann", "--loud"}); err != nil {
		fmt.Println(err)
	}
	fmt.Println(out.String())
	// Output: 1 true ann
}
