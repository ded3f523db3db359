package ensemble

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAManifestThatAddCannotHaveWrittenIsRefused changes one thing in a good one.
func TestAManifestThatAddCannotHaveWrittenIsRefused(t *testing.T) {
	dir := t.TempDir()
	e := made(t, dir)
	good := read(t, dir, "manifest.json")
	sum := e.Members()[0].SHA256
	for name, tt := range map[string]struct{ old, new, says string }{
		"empty":                    {good, "", "EOF"},
		"cut off":                  {good[100:], "", "unexpected EOF"},
		"more behind it":           {good, good + "{}", "there is more behind its end"},
		"another format":           {`"cascade ensemble"`, `"cascade"`, `its format is "cascade", not "cascade ensemble"`},
		"another version":          {`"version": 1`, `"version": 3`, "its version is 3: this program knows 1"},
		"no classes":               {`"classes": 2`, `"classes": 0`, "0 classes"},
		"a field unknown":          {`"seed": 7`, `"seed": 7, "licence": "MIT"`, `unknown field "licence"`},
		"a name twice":             {`"name": "1c"`, `"name": "1"`, `member "1": its file is "1c.safetensors"`},
		"a file elsewhere":         {`"file": "1.safetensors"`, `"file": "../1.safetensors"`, `member "1": its file is "../1.safetensors", not "1.safetensors"`},
		"a hash that is too short": {sum, sum[2:], "64 hexadecimal digits are expected"},
		"a hash in capitals":       {sum, strings.ToUpper(sum), "64 hexadecimal digits are expected"},
		"no bytes":                 {`"bytes": 592`, `"bytes": 0`, `member "1": its file has 0 bytes`},
		"steps that go back":       {`"step": 10`, `"step": 16`, `member "1c" of step 15 stands behind step 16`},
		"steps below zero":         {`"step": 10`, `"step": -1`, "number -1"},
		"a metric beyond float64":  {`1.25`, `1e999`, "1e999"},
		"a name that is none":      {`"name": "2c"`, `"name": ""`, "a member has no name"},
	} {
		t.Run(name, func(t *testing.T) {
			bad := strings.Replace(good, tt.old, tt.new, 1)
			require.NotEqual(t, good, bad)
			path := filepath.Join(dir, "manifest.json")
			require.NoError(t, os.WriteFile(path, []byte(bad), 0o644))
			_, err := Open(dir)
			assert.ErrorIs(t, err, ErrManifest)
			assert.ErrorContains(t, err, tt.says)
			assert.ErrorContains(t, err, path)
		})
	}
	_, err := parseManifest([]byte(strings.Replace(strings.Replace(good, `"name": "1c"`, `"name": "1"`, 1), `"file": "1c.s`, `"file": "1.s`, 1)))
	assert.ErrorContains(t, err, `two members are called "1"`)
}

// FuzzManifest: what is read is written back to something that reads the same.
func FuzzManifest(f *testing.F) {
	dir := f.TempDir()
	made(f, dir)
	f.Add([]byte(read(f, dir, "manifest.json")))
	f.Add([]byte(`{"format":"cascade ensemble","version":1,"about":{"classes":1},"members":null}`))
	f.Add([]byte(`{"format":"cascade ensemble","version":1,"about":{"classes":1},"members":[{"name":"a","file":"a.safetensors","metrics":{"":0},"bytes":1,"sha256":"` + strings.Repeat("ab", 32) + `"}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := parseManifest(text)
		if err != nil {
			assert.ErrorIs(t, err, ErrManifest)
			return
		}
		var written bytes.Buffer
		require.NoError(t, encode(&written, m))
		again, err := parseManifest(written.Bytes())
		require.NoError(t, err)
		for i := range m.Members {
			if len(m.Members[i].Metrics) == 0 {
				m.Members[i].Metrics = nil // none and no metrics are written alike
			}
		}
		if len(m.About.ClassNames) == 0 {
			m.About.ClassNames = nil
		}
		assert.Equal(t, m, again)
	})
}
