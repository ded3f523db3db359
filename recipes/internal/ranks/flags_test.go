package ranks

import (
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/nn/train"
)

func TestFlagsSayHowGradientsAreShared(t *testing.T) {
	for _, test := range []struct {
		args []string
		want train.Reduce
	}{
		{nil, train.Reduce{}},
		{[]string{"--bucket", "1048576"}, train.Reduce{Bucket: 1 << 20}},
		{[]string{"--bf16", "--bucket", "0"}, train.Reduce{BFloat16: true}},
	} {
		var f Flags
		fs := cli.Flags("recipe train", "")
		Flag(fs, &f)
		require.NoError(t, fs.ParseFlags(io.Discard, test.args))
		assert.Equal(t, test.want, f.Reduce(), test.args)
	}
}

func TestFlagsRefuseNegativeNumbers(t *testing.T) {
	for text, f := range map[string]Flags{"--ranks -1": {N: -1}, "--bucket -4": {Bucket: -4}} {
		err := f.Run(func(*Rank) error { return nil })
		require.ErrorIs(t, err, cli.ErrUsage)
		assert.ErrorContains(t, err, text)
	}
}
