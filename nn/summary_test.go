package nn_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn"
)

// TestSummaryOfADeclaration is that of the net that is built of it, and leaves no trace.
func TestSummaryOfADeclaration(t *testing.T) {
	g := nn.New("net")
	x := images(g)
	var unfinished, before, after strings.Builder
	assert.ErrorContains(t, g.Summary(&unfinished), "the graph has no output and no loss")
	assert.Empty(t, unfinished.String())

	g.Output("y", x)
	require.NoError(t, g.Summary(&before))
	net, err := g.Build()
	require.NoError(t, err)
	require.NoError(t, net.Summary(&after))
	assert.Equal(t, after.String(), before.String())
	assert.Contains(t, before.String(), "conv_1")
}
