package recipetest

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// What the environment tells the test binary.
const (
	argumentsVariable = "CASCADE_RECIPE_TEST_ARGUMENTS"
	pidsVariable      = "CASCADE_RECIPE_TEST_PIDS" // a folder for the number of the process
)

// Main runs the tests or, where the environment has Arguments, the command.
func Main(m *testing.M, command func()) {
	arguments, is := os.LookupEnv(argumentsVariable)
	if !is {
		os.Exit(m.Run())
	}
	if dir := os.Getenv(pidsVariable); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, strconv.Itoa(os.Getpid())), nil, 0o666); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Args = append(os.Args[:1], strings.Fields(arguments)...)
	command()
	os.Exit(0)
}

// Arguments is for the environment of a process that is to run the command with them.
// None of them has spaces in it.
func Arguments(list string) string { return argumentsVariable + "=" + list }
