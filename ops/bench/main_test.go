package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/ops"
)

// command runs the program as a shell would.
func command(args ...string) (status int, stdout, stderr string) {
	var out, err bytes.Buffer
	status = run(args, &out, &err)
	return status, out.String(), err.String()
}

// batchFile writes a batch file and returns its path.
func batchFile(t *testing.T, dir, name string, lines ...string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	require.NoError(t, os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600))
	return path
}

// TestEveryDriver checks small problems of every driver, direction and algorithm with
// the kernels of every instruction set that there is.
func TestEveryDriver(t *testing.T) {
	const layerDirs = "--dir=FWD_D,FWD_B,FWD_I,BWD_D,BWD_W,BWD_WB"
	args := strings.Fields(`--mode=C --threads=3
		--conv ` + layerDirs + ` mb3ic5id6oc7kd3pd1 ic3oc17_id8od4kd3pd1sd2 g2ic4oc6ih9kh3ph1dh1 mb17ic1iw20oc1kw4ow20 g8ic8oc8ih7kh3
		--attr-post-ops=relu,relu:0.3,tanh --dir=FWD_D ic8ih9oc20kh2
		--deconv ` + layerDirs + ` mb2ic6id5oc3od10kd4sd2pd1 ic4ih5oc3oh12kh3sh2ph0
		--conv --stag=any,abx,NCX16n --dtag=NCX,Nchw16n --dir=FWD_B,BWD_D,BWD_WB mb17ic5ih6oc7kh3ph1
		--deconv --stag=NCX16n --dtag=any --dir=FWD_B,BWD_D,BWD_WB mb3ic2ih5oc3oh10kh4sh2ph1
		--ip ` + layerDirs + ` mb5ic3ih4oc7 mb33ic100oc1
		--bnorm --dir=FWD_D,FWD_I,BWD_D,BWD_DW mb4ic3ih5eps1e-5 --dir=FWD_D --flags=,G,R,SR,GCHR mb4ic19
		--flags= --tag=aBx16b,Abx16a --dir=FWD_D,FWD_I,BWD_DW mb16ic19ih5
		--pool --alg=max,avg_p,avg_np --dir=FWD_D,BWD_D mb2ic3ih7kh3sh2ph1 mb2ic3id6kd2sd2
		--tag=nChw16c,Nchw16n --alg=max,avg_np --dir=FWD_D,BWD_D mb16ic17ih7kh3sh2ph1
		--eltwise --alg=relu,elu,tanh,logistic,soft_relu,swish,gelu_erf --dir=FWD_D,BWD_D 3x5x7 --alg=relu,elu --alpha=0.25 33
		--softmax --axis=0,1 --dir=FWD_D,BWD_D 6x5 --axis=2 2x3x40x2
		--sum --sdt=f32:f32,f32:f32:f32 3x41
		--reorder --stag=nchw,nChw16c,Nchw16n --dtag=abx,aBx16b,Abx16a 3x17x4x4
		--lrn --alg=ACROSS,WITHIN --dir=FWD_D,BWD_D mb2ic7ih5alpha0.5 ic3id4ls3alpha2
		--rnn --prop=FWD_D,FWD_I,BWD_DW --alg=VANILLA_RNN,VANILLA_LSTM,VANILLA_GRU,LBR_GRU --direction=left2right,right2left t3mb5sic17slc6
		--alg=VANILLA_RNN --activation=TANH,LOGISTIC --direction=left2right --tag=ntc --dir=FWD_I,BWD_D sic3`)
	for _, isa := range []ops.ISA{ops.Generic, ops.AVX2, ops.AVX512} {
		if isa > ops.CurrentISA() {
			continue
		}
		t.Run(isa.String(), func(t *testing.T) {
			defer ops.LowerISA(isa)()
			status, stdout, stderr := command(args...)
			require.Zero(t, status, stdout, stderr)
			assert.Empty(t, stderr)
			lines := strings.Split(strings.TrimSpace(stdout), "\n")
			n := 6*(5+2+2) + 3*(3*2+1) + 3 + (4 + 5 + 2*3) + (2*6 + 2*4) + (14 + 4) + (4 + 2) + 2 + 9 + 2*2*2 + (3*4*2 + 3*2*2)
			require.Len(t, lines, n+1)
			for _, line := range lines[:n] {
				assert.Regexp(t, `  passed( \(is itself the portable kernel\))?$`, line)
				if isa == ops.AVX512 && strings.Contains(line, " conv ") {
					assert.NotContains(t, line, "itself", "there is a kernel to check")
				}
			}
			assert.Equal(t, "checked: 192, failed: 0, unimplemented: 0", lines[n])
		})
	}
}

// Times vary; everything else of the output does not.
func TestCSV(t *testing.T) {
	status, stdout, stderr := command("--csv", "--summary", "--fix-times-per-prb=2",
		"--conv", "--dir=FWD_D", `ic3ih5oc4kh3n"a,b"`, "--sum", "4x8", "--mode=C", "4x9")
	require.Zero(t, status, stderr)
	lines := strings.Split(strings.TrimSuffix(stdout, "\n"), "\n")
	require.Len(t, lines, 4)
	assert.Equal(t, "name,impl,gflops,best_ms,median_ms,peak_share", lines[0])
	const number = `\d+\.\d+`
	assert.Regexp(t, `^"a,b",[a-z]+:[a-z0-9]+,`+number+`,`+number+`,`+number+`,(`+number+`)?$`, lines[1])
	assert.Regexp(t, `^4x8,[a-z]+:[a-z0-9]+,`+number+`,`+number+`,`+number+`,`+number+`$`, lines[2])
	assert.Regexp(t, `^4x9,[a-z]+:[a-z0-9]+,,,,$`, lines[3], "nothing was timed")
	assert.Contains(t, stderr, "geometric mean of 1: ")
	assert.Contains(t, stderr, "checked: 1, failed: 0, unimplemented: 0")
}

func TestTable(t *testing.T) {
	status, stdout, stderr := command("--fix-times-per-prb=1", "--summary", "--mode=CP", "--conv", "--dir=BWD_W",
		`ic3ih5oc4kh3n"small"`, "--pool", "--alg=avg_p", "ic3ih4kh2", "ic3ih6kh2")
	require.Zero(t, status, stderr)
	for _, want := range []string{
		`(?m)^small +conv BWD_W +\w+:\w+ +NCX\S* +[\d.]+ GFLOP/s  best [\d.]+ ms  median [\d.]+ ms  (-|[\d.]+%) of peak  passed`,
		`(?m)^ic3ih4kh2 +pool FWD_D alg=avg_p +\w+:\w+ +NCX +[\d.]+ GB/s  best [\d.]+ ms  median [\d.]+ ms  [\d.]+% of triad  passed`,
		`(?m)^geometric mean of 1: [\d.]+ GFLOP/s, (-|[\d.]+%) of peak$`,
		`(?m)^geometric mean of 2: [\d.]+ GB/s, [\d.]+% of triad$`,
		`(?m)^checked: 3, failed: 0, unimplemented: 0$`,
	} {
		assert.Regexp(t, want, stdout)
	}
}

func TestMistakes(t *testing.T) {
	dir := t.TempDir()
	bad := batchFile(t, dir, "bad", "--conv --dir=FWD_D", "# a comment", "ic8ih5oc4kh3 # a problem", "", "  --bogus=1")
	outer := batchFile(t, dir, "outer", "--batch=bad")
	loop := batchFile(t, dir, "loop", "", "--batch=loop")
	quote := batchFile(t, dir, "quote", `--conv ic8ih5oc4kh3n"open`)
	descriptor := batchFile(t, dir, "descriptor", "--conv", "--mb=2 ic8ih5oc4")
	for _, tc := range []struct {
		name, args string
		want       []string
	}{
		{"no driver", "ic8ih5oc4kh3", []string{"descriptor ic8ih5oc4kh3: no driver"}},
		{"a driver's option before it", "--dir=FWD_D --conv ic8ih5oc4kh3", []string{"option --dir=FWD_D: no such option of all drivers"}},
		{"a driver there is not", "--matmul 3x4", []string{"option --matmul"}},
		{"a direction of an rnn", "--rnn --prop=BWD_W sic3", []string{`value "BWD_W": there are FWD_D, FWD_I, BWD_DW`}},
		{"a cell there is not", "--rnn --alg=ELMAN sic3", []string{`value "ELMAN": there are VANILLA_RNN`}},
		{"an order of a sequence", "--rnn --tag=ntc:ldigo sic3", []string{`value "ntc:ldigo": of the weights and dst there is any`}},
		{"another order of a sequence", "--rnn --tag=nct sic3", []string{"there are any, abx, tnc and ntc"}},
		{"an rnn without a state", "--rnn t3slc4", []string{`"t3slc4": sic is needed`}},
		{"an rnn in too much memory", "--rnn t1000000mb1000000sic3", []string{"src_layer of [1000000 1000000 3] is larger"}},
		{"a response normalisation of nothing", "--lrn ih3", []string{"0 channels"}},
		{"no descriptor", "--conv --dir=FWD_D", []string{"no problem descriptor"}},
		{"nothing matches", "--conv --match=kh5 ic8ih5oc4kh3", []string{"no problem descriptor"}},
		{"another driver's option", "--conv --flags=R ic8ih5oc4kh3", []string{"option --flags=R: the driver --conv has no such option"}},
		{"an option after the driver changed", "--pool --alg=avg_p --conv --alg=avg_p", []string{`value "avg_p"`}},
		{"a direction there is not", "--eltwise --dir=FWD_D,BWD_W 3", []string{`option --dir=FWD_D,BWD_W: value "BWD_W": there are FWD_D, FWD_I, BWD_D`}},
		{"a type there is not", "--conv --dt=f32:bf16 ic8ih5oc4kh3", []string{`value "f32:bf16": there are f32`}},
		{"a blocked layout where there is none", "--ip --stag=nChw16c ic8oc4", []string{"option --stag=nChw16c"}},
		{"a layout of convolutions there is not", "--conv --stag=nChw8c ic8ih5oc4kh3", []string{`option --stag=nChw8c: value "nChw8c": there are plain ones`}},
		{"a layout there is not", "--reorder --dtag=nChw8c 2x3", []string{`option --dtag=nChw8c: value "nChw8c": there are plain ones`}},
		{"a batch that is no number", "--conv --mb=x ic8ih5oc4kh3", []string{`value "x": a whole number`}},
		{"a negative batch", "--conv --mb=-1 ic8ih5oc4kh3", []string{`value "-1": a whole number`}},
		{"a flag there is not", "--bnorm --flags=GX ic8", []string{"there are the flags G, S, C, H, R"}},
		{"an activation there is not", "--eltwise --alg=mish 3", []string{`"mish": there are relu, elu,`}},
		{"an alpha that is negative", "--eltwise --alpha=-1 3", []string{`alpha "-1" of relu`}},
		{"an alpha that is no number", "--eltwise --alpha=x 3", []string{`value "x": a number is needed`}},
		{"an alpha of swish", "--eltwise --alg=swish --alpha=2 3", []string{"alpha 2 of swish"}},
		{"a beta", "--eltwise --beta=1 3", []string{`value "1": there is 0 only`}},
		{"a post-op there is not", "--conv --attr-post-ops=sum ic8ih5oc4kh3", []string{`value "sum"`}},
		{"an axis there is not", "--softmax --axis=2 3x4", []string{`"3x4": axis 2 of a tensor of 2`}},
		{"scales", "--sum --scales=1:0.5 3x4", []string{"scales of 1 only"}},
		{"in place", "--softmax --inplace=true 3x4", []string{`value "true"`}},
		{"a mode there is not", "--mode=B", []string{"option --mode=B: there are P, C and CP"}},
		{"threads", "--threads=-1", []string{"option --threads=-1"}},
		{"an expression", "--match=(", []string{"option --match=(:"}},
		{"a budget", "--max-ms-per-prb=0", []string{"positive number of milliseconds"}},
		{"a number of times", "--fix-times-per-prb=x", []string{"a whole number"}},
		{"a value too many", "--csv=1", []string{"it is written --csv"}},
		{"a value too few", "--mode", []string{"it is written --mode=P|C|CP"}},
		{"too much memory", "--conv mb100000ic100000ih1000oc1kh1", []string{"src of [100000 100000 1 1000 1000] is larger"}},
		{"too much memory in the padding", "--reorder --dtag=Abx16a 1x2000000000", []string{"larger"}},
		{"a file there is not", "--batch=nowhere", []string{"--batch=nowhere: there is no file nowhere", "shapes_resnet50"}},
		{"an option in a file", "--batch=" + bad, []string{bad + ":5: option --bogus=1: the driver --conv"}},
		{"a file in a file", "--batch=" + outer, []string{outer + ":1: option --batch=bad: " + bad + ":5: option --bogus=1"}},
		{"a file in itself", "--batch=" + loop, []string{loop + ":2: option --batch=loop: the file is inside itself"}},
		{"a quote left open", "--batch=" + quote, []string{quote + `:1: a quote " is opened`}},
		{"a descriptor in a file", "--batch=" + descriptor, []string{descriptor + `:2: --conv --mb=2 "ic8ih5oc4": axis h`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			status, stdout, stderr := command(strings.Fields(tc.args)...)
			assert.Equal(t, exitUsage, status)
			assert.Empty(t, stdout)
			for _, want := range tc.want {
				assert.Contains(t, stderr, want)
			}
		})
	}
}

// Problems that there is no primitive for are said and counted, and the others done.
func TestUnimplemented(t *testing.T) {
	status, stdout, stderr := command(strings.Fields(`--mode=C --pool ic16_iw13ow14kw3sw1pw3n"pad" ic8ih9kh3dh1 ic8ih9kh3
		--bnorm --dir=BWD_D --flags=G ic8 --flags= --attr-post-ops=relu ic8 --ip --attr-post-ops=relu --dir=BWD_D ic8oc4
		--rnn --l=2 sic3n"stack" --l=0 --direction=concat sic3 --direction=left2right --alg=LBR_AUGRU sic4
		--alg=VANILLA_RNN --with-peephole=true sic4`)...)
	require.Zero(t, status, stderr)
	for _, want := range []string{
		`(?m)^pad +pool FWD_D +unimplemented: ops: pooling: invalid descriptor: .*padding`,
		`(?m)^ic8ih9kh3dh1 +pool FWD_D +"ic8ih9kh3dh1": unimplemented: pooling with dilation$`,
		`(?m)^ic8ih9kh3 +pool FWD_D .* passed`,
		`(?m)^ic8 +bnorm BWD_D flags=G "ic8": unimplemented: a gradient with given statistics`,
		`(?m)^ic8 +bnorm BWD_D attr-post-ops=relu "ic8": unimplemented`,
		`(?m)^ic8oc4 +ip BWD_D attr-post-ops=relu "ic8oc4": unimplemented: a gradient through a post-op$`,
		`(?m)^stack +rnn l=2 +"sic3n.*: unimplemented: 2 layers: a primitive is one$`,
		`(?m)^sic3 +rnn direction=concat +"sic3": unimplemented: both directions`,
		`(?m)^sic4 +rnn alg=LBR_AUGRU +"sic4": unimplemented: LBR_AUGRU$`,
		`(?m)^sic4 +rnn with-peephole=true +"sic4": unimplemented: peepholes`,
		`(?m)^checked: 1, failed: 0, unimplemented: 9$`,
	} {
		assert.Regexp(t, want, stdout)
	}
}

func TestHelp(t *testing.T) {
	status, stdout, stderr := command("--conv", "--help")
	assert.Equal(t, exitOK, status)
	assert.Empty(t, stderr)
	for _, d := range drivers {
		assert.Regexp(t, regexp.MustCompile(`(?m)^  --`+d.name+`$`), stdout)
	}
	status, stdout, _ = command()
	assert.Equal(t, exitUsage, status)
	assert.Contains(t, stdout, "usage: go run ./ops/bench")
}
