package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/ops"
)

// problems reads arguments that are right.
func problems(t *testing.T, args ...string) []problem {
	t.Helper()
	p, err := read(args)
	require.NoError(t, err)
	return p.problems
}

// repros are the repro lines without quotes: they say all of a problem.
func repros(problems []problem) []string {
	var all []string
	for _, p := range problems {
		all = append(all, strings.ReplaceAll(p.repro, "'", ""))
	}
	return all
}

func TestOptionsApplyToWhatFollows(t *testing.T) {
	const d = "ic8ih5oc4kh3"
	for _, tc := range []struct {
		name, args string
		want       []string
	}{
		{"defaults", "--conv " + d, []string{"--conv " + d}},
		{"later options", "--conv " + d + " --dir=BWD_D " + d, []string{"--conv " + d, "--conv --dir=BWD_D " + d}},
		{"the last value counts", "--conv --dir=BWD_W --dir=BWD_D " + d, []string{"--conv --dir=BWD_D " + d}},
		{
			"lists, the later option fastest", "--conv --mb=1,3 --dir=BWD_D,FWD_D " + d,
			[]string{
				"--conv --dir=BWD_D --mb=1 " + d, "--conv --dir=BWD_D --mb=3 " + d,
				"--conv --dir=FWD_D --mb=1 " + d, "--conv --dir=FWD_D --mb=3 " + d,
			},
		},
		{"a reset", "--conv --dir=BWD_D --mb=3 --reset " + d, []string{"--conv " + d}},
		{"another driver forgets", "--conv --mb=3 " + d + " --sum 4x4", []string{"--conv --mb=3 " + d, "--sum 4x4"}},
		{"threads stay", "--conv --threads=3 " + d + " --sum 4x4", []string{"--conv --threads=3 " + d, "--sum --threads=3 4x4"}},
		{"what matches", "--match=kh3 --conv " + d + " ic8ih5oc4kh2 --match=. ic8ih5oc4kh1", []string{"--conv " + d, "--conv ic8ih5oc4kh1"}},
		{"values in any case", "--pool --alg=AVG_P,Max ic3ih4kh2", []string{"--pool --alg=AVG_P ic3ih4kh2", "--pool --alg=Max ic3ih4kh2"}},
		{"benchdnn's options that say what is so anyway", "--conv --cfg=f32 --dt=f32:f32:f32 --stag=any,abx --wtag=oihw --dtag=nchw --alg=direct " + d, []string{
			"--conv --dt=f32:f32:f32 --wtag=oihw --dtag=nchw " + d,
			"--conv --dt=f32:f32:f32 --stag=abx --wtag=oihw --dtag=nchw " + d,
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			assert.Equal(t, tc.want, repros(problems(t, strings.Fields(tc.args)...)))
		})
	}
}

func TestSettings(t *testing.T) {
	p := problems(t, "--conv", "ic8ih5oc4kh3")[0]
	assert.True(t, p.time && !p.check, "times by default")
	assert.Equal(t, limit{budget: 400 * time.Millisecond}, p.limit)
	all := problems(t, "--mode=c", "--max-ms-per-prb=2.5", "--fix-times-per-prb=7", "--skip-impl='ref,gemm'", "--conv", "ic8ih5oc4kh3", "--mode=cp", "--skip-impl=", "ic8ih5oc4kh3")
	assert.True(t, all[0].check && !all[0].time)
	assert.True(t, all[1].check && all[1].time)
	assert.Equal(t, limit{budget: 2500 * time.Microsecond, times: 7}, all[0].limit)
	assert.Equal(t, []string{"ref", "gemm"}, all[0].skip)
	assert.Empty(t, all[1].skip)
}

// A repro line must ask for the very problem that it is printed for.
func TestReproReproduces(t *testing.T) {
	for _, p := range problems(t, "--conv", "--dir=BWD_W,FWD_B", "--mb=0,5", "--threads=2", `ic8ih5oc4kh3n"a name"`,
		"--eltwise", "--alg=elu", "--alpha=,0.5", "3x4", "--bnorm", "--flags=,R", "ic3") {
		options, descriptor, ok := strings.Cut(p.repro, " '")
		require.True(t, ok, p.repro)
		again := problems(t, append(strings.Fields(options), strings.TrimSuffix(descriptor, "'"))...)
		require.Len(t, again, 1)
		assert.Equal(t, []any{p.repro, p.name, p.title, p.threads}, []any{again[0].repro, again[0].name, again[0].title, again[0].threads})
	}
}

func TestNames(t *testing.T) {
	all := problems(t, "--conv", `ic8ih5oc4kh3n"res2a"`, "'ic8ih5oc4kh2'")
	assert.Equal(t, "res2a", all[0].name)
	assert.Equal(t, "ic8ih5oc4kh2", all[1].name, "a problem without a name is called by its descriptor")
}

func TestBatchFiles(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(dir+"/sets", 0o700))
	batchFile(t, dir, "sets/shapes", `ic8ih5oc4kh3n"x"   ic8ih5oc4kh2 # both`, "#ic8", "")
	all := batchFile(t, dir, "sets/all", "--reset", "--dir=FWD_D", "--batch=shapes", "--dir=BWD_D --batch=shapes")
	want := []string{`--conv --dir=FWD_D ic8ih5oc4kh3n"x"`, "--conv --dir=FWD_D ic8ih5oc4kh2", `--conv --dir=BWD_D ic8ih5oc4kh3n"x"`, "--conv --dir=BWD_D ic8ih5oc4kh2"}
	assert.Equal(t, want, repros(problems(t, "--conv", "--batch="+all)), "a file names one beside it")

	after := problems(t, "--conv", "--batch="+all, "ic8ih5oc4kh1")
	assert.Equal(t, "--conv --dir=BWD_D ic8ih5oc4kh1", repros(after)[4], "options of a file stay, as in benchdnn")
}

// The built-in shapes are those of the peers: every line is a problem.
func TestBuiltinShapes(t *testing.T) {
	for _, tc := range []struct {
		driver, name string
		count        int
		flops        int64 // of the first, taps inside the image only: counted by hand
	}{
		// 7 elements of src by 4 taps, of which 1 at either end misses dst, on each axis.
		{"--deconv", "shapes_3d_deconv", 5, 2 * 64 * 64 * 32 * 26 * 26 * 26},
		// 25 positions of 5 taps, of which 2 + 1 at either end lie outside, on each axis.
		{"--conv", "shapes_3dgan", 8, 2 * 64 * 32 * 119 * 119 * 119},
		// 112 positions of 7 taps, of which 3 + 1 before and 2 after lie outside.
		{"--conv", "shapes_resnet50", 24, 2 * 16 * 64 * 3 * 778 * 778},
	} {
		t.Run(tc.name, func(t *testing.T) {
			all := problems(t, tc.driver, "--dir=FWD_D", "--batch="+tc.name)
			assert.Len(t, all, tc.count)
			p, err := all[0].make()
			require.NoError(t, err)
			assert.Equal(t, tc.flops, p.Info().FLOPs)
		})
	}
}

func TestSplitLine(t *testing.T) {
	for _, tc := range []struct {
		name, line string
		want       []string
	}{
		{"empty", "", nil},
		{"blanks", " \t\r", nil},
		{"words", "--conv  a\tb\r", []string{"--conv", "a", "b"}},
		{"a comment", "a # b", []string{"a"}},
		{"a hash inside a word", "a#b", []string{"a#b"}},
		{"a name with blanks and a hash", `a n"b # c" d`, []string{"a", `n"b # c"`, "d"}},
		{"an apostrophe in quotes", `n"it's" d`, []string{`n"it's"`, "d"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := splitLine(tc.line)
			require.NoError(t, err)
			assert.Equal(t, tc.want, got)
		})
	}
}

func TestJoinLines(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"one", "a", []string{"a"}},
		{"a list over three lines, blanks around the ends", "--mb=1, \\\n   2,\\  \n3\nb", []string{"--mb=1,2,3", "", "", "b"}},
		{"a comment does not go on", "# a \\\nb", []string{"# a \\", "b"}},
		{"the last line", "a\\", []string{"a"}},
		{"two that go on, apart", "a\\\nb\nc\\\nd", []string{"ab", "", "cd", ""}},
	} {
		t.Run(tc.name, func(t *testing.T) { assert.Equal(t, tc.want, joinLines(tc.text)) })
	}
}

func TestActivations(t *testing.T) {
	none, err := parseActivation("")
	require.NoError(t, err)
	assert.Equal(t, ops.Activation{}, none)
	for _, tc := range []struct {
		text string
		want ops.Activation
	}{
		{"relu", ops.Activation{Kind: ops.ReLU}},
		{"relu:0", ops.Activation{Kind: ops.ReLU}},
		{"eltwise_relu:0.25", ops.Activation{Kind: ops.LeakyReLU, Alpha: 0.25}},
		{"ELU", ops.Activation{Kind: ops.ELU, Alpha: 1}},
		{"elu:0.5", ops.Activation{Kind: ops.ELU, Alpha: 0.5}},
		{"logistic", ops.Activation{Kind: ops.Sigmoid}},
		{"swish:1", ops.Activation{Kind: ops.SiLU}},
	} {
		t.Run(tc.text, func(t *testing.T) {
			got, err := parseActivation(tc.text)
			require.NoError(t, err)
			assert.Equal(t, tc.want, got)
		})
	}
}
