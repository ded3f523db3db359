package threads_test

import (
	"fmt"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/recipes/internal/threads"
)

func TestUseRefusesFewerThanNone(t *testing.T) {
	_, err := threads.Use(-1)
	require.ErrorIs(t, err, cli.ErrUsage)
	assert.ErrorContains(t, err, "--threads -1")
}

func TestUseHasADefault(t *testing.T) {
	n, err := threads.Use(0)
	require.NoError(t, err)
	assert.Positive(t, n)
}

func ExampleFlag() {
	fs := cli.Flags("recipe train", "")
	n := threads.Flag(fs)
	if err := fs.ParseFlags(io.Discard, []string{"--threads", "3"}); err != nil {
		fmt.Println(err)
	}
	fmt.Println(*n)
	// Output: 3
}
