package slurm

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestShellcheckFindsNothingInAnyScript(t *testing.T) {
	if _, err := exec.LookPath("shellcheck"); err != nil {
		t.Skip("shellcheck is missing: scripts/install-shellcheck installs it")
	}
	root := filepath.Join("..", "..")
	var scripts []string
	for _, pattern := range []string{
		".ci/run", "scripts/*", "recipes/slurm/*.sbatch", "recipes/slurm/*.bash", "recipes/slurm/try-*",
		"recipes/slurm/pbs/*", "recipes/slurm/testdata/bin/*", "recipes/slurm/testdata/calogan",
	} {
		found, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
		require.NoError(t, err)
		assert.NotEmpty(t, found, pattern)
		for _, script := range found {
			name, err := filepath.Rel(root, script)
			require.NoError(t, err)
			scripts = append(scripts, name)
		}
	}
	c := exec.CommandContext(t.Context(), "shellcheck", append([]string{"-x"}, scripts...)...)
	c.Dir = root
	out, err := c.CombinedOutput()
	assert.NoError(t, err, "%s", out)
}
