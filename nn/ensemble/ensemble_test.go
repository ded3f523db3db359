package ensemble

import (
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn"
)

var about = About{
	Arch: "perceptron", Classes: 2, ClassNames: []string{"cat", "dog <&>"},
	Data: "made", Preprocessing: "mean 0.5, deviation 0.25", Plan: "two cycles", Seed: 7,
}

// newNet has weights and statistics of the seed.
func newNet(t testing.TB, seed uint64) *nn.Net {
	g := nn.New("net")
	net, err := g.Output("logits", g.Vec("x", 3).BatchNorm().Dense(2)).Build()
	require.NoError(t, err)
	net.Init(seed)
	for _, p := range net.Params() {
		for i := range p.Data {
			if p.Grad == nil {
				p.Data[i] = float32(seed) + float32(i)
			}
		}
	}
	return net
}

// made is an ensemble of two points and their twins, from a training of four seeds.
func made(t testing.TB, dir string) *Ensemble {
	e, err := Create(dir, about)
	require.NoError(t, err)
	addAll(t, e, 0, 4)
	return e
}

var twins = []Member{
	{Name: "1", Phase: "1", Step: 10, Epoch: 1, Metrics: map[string]float64{"top1": 0.5, "loss": 1.25}},
	{Name: "1c", Phase: "1", Collapsed: true, Step: 15, Epoch: 1.5, Metrics: map[string]float64{"top1": 0.75}},
	{Name: "2", Phase: "2", Step: 25, Epoch: 2.5},
	{Name: "2c", Phase: "2", Collapsed: true, Step: 30, Epoch: 3},
}

func addAll(t testing.TB, e *Ensemble, from, to int) {
	for i, m := range twins[from:to] {
		require.NoError(t, e.Add(newNet(t, uint64(from+i)), m))
	}
}

func read(t testing.TB, path ...string) string {
	text, err := os.ReadFile(filepath.Join(path...))
	require.NoError(t, err)
	return string(text)
}

func TestWhatIsAddedIsFoundByAnother(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run", "ensemble")
	first := made(t, dir)
	second, err := Open(dir)
	require.NoError(t, err)
	assert.Equal(t, first.Members(), second.Members())
	assert.Equal(t, about, second.About())
	for i, m := range second.Members() {
		assert.Equal(t, twins[i].Metrics, m.Metrics)
		assert.Equal(t, m.Name+".safetensors", m.File)
		net := newNet(t, 99)
		require.NoError(t, second.Load(net, m.Name))
		assert.Equal(t, newNet(t, uint64(i)).Weights(), net.Weights())
		assert.Equal(t, newNet(t, uint64(i)).Statistics(), net.Statistics(), "of batch normalisation")
	}
	metadata, err := nn.ReadMetadata(filepath.Join(dir, "1c.safetensors"))
	require.NoError(t, err)
	assert.Equal(t, "1c", metadata["member"])
}

// TestManifestIsWhatOtherProgramsRead to the letter.
func TestManifestIsWhatOtherProgramsRead(t *testing.T) {
	dir := t.TempDir()
	e, err := Create(dir, about)
	require.NoError(t, err)
	assert.Contains(t, read(t, dir, "manifest.json"), `"members": []`)
	addAll(t, e, 0, 1)
	text := strings.ReplaceAll(read(t, dir, "manifest.json"), e.Members()[0].SHA256, "HASH")
	assert.Equal(t, `{
  "format": "cascade ensemble",
  "version": 1,
  "about": {
    "arch": "perceptron",
    "classes": 2,
    "class_names": [
      "cat",
      "dog <&>"
    ],
    "data": "made",
    "preprocessing": "mean 0.5, deviation 0.25",
    "plan": "two cycles",
    "seed": 7
  },
  "members": [
    {
      "name": "1",
      "phase": "1",
      "collapsed": false,
      "step": 10,
      "epoch": 1,
      "metrics": {
        "loss": 1.25,
        "top1": 0.5
      },
      "file": "1.safetensors",
      "sha256": "HASH",
      "bytes": 592
    }
  ]
}
`, text)
}

// TestAResumedTrainingLeavesTheSameBytes: it adds again what was added behind its last
// checkpoint, and the rest.
func TestAResumedTrainingLeavesTheSameBytes(t *testing.T) {
	whole := t.TempDir()
	made(t, whole)
	for stop := range 5 {
		for _, checkpoint := range []int{0, max(stop-1, 0)} {
			dir := t.TempDir()
			e, err := Create(dir, about)
			require.NoError(t, err)
			addAll(t, e, 0, stop)
			e, err = Create(dir, about)
			require.NoError(t, err)
			addAll(t, e, checkpoint, 4)
			for _, name := range []string{"manifest.json", "1.safetensors", "1c.safetensors", "2.safetensors", "2c.safetensors"} {
				assert.Equal(t, read(t, whole, name), read(t, dir, name), "stopped at %d, resumed from %d: %s", stop, checkpoint, name)
			}
		}
	}
}

func TestMembersStandInTheOrderOfTheirSteps(t *testing.T) {
	e, err := Create(t.TempDir(), about)
	require.NoError(t, err)
	for _, m := range []Member{{Name: "late", Step: 9}, {Name: "b", Step: 5}, {Name: "early", Step: 1}, {Name: "a", Step: 5}} {
		require.NoError(t, e.Add(newNet(t, 1), m))
	}
	assert.Equal(t, []string{"early", "b", "a", "late"}, e.names(), "those of the same step in the order in which they came")
}

func TestAMemberIsReplacedByAnotherOfItsName(t *testing.T) {
	dir := t.TempDir()
	e := made(t, dir)
	require.NoError(t, e.Add(newNet(t, 50), Member{Name: "1c", Phase: "1", Collapsed: true, Step: 15}))
	e, err := Open(dir)
	require.NoError(t, err)
	assert.Equal(t, []string{"1", "1c", "2", "2c"}, e.names())
	assert.Nil(t, e.Members()[1].Metrics)
	net := newNet(t, 0)
	require.NoError(t, e.Load(net, "1c"))
	assert.Equal(t, newNet(t, 50).Weights(), net.Weights())
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	require.NoError(t, err)
	hidden, err := filepath.Glob(filepath.Join(dir, ".*"))
	require.NoError(t, err)
	assert.Len(t, append(files, hidden...), 5, "no temporary is left")
}

// TestTheCallersMapsAreItsOwn: metrics and names are copied on the way in and out.
func TestTheCallersMapsAreItsOwn(t *testing.T) {
	own := about
	own.ClassNames = []string{"cat", "dog"}
	e, err := Create(t.TempDir(), own)
	require.NoError(t, err)
	own.ClassNames[0] = "cow"
	e.About().ClassNames[1] = "pig"
	assert.Equal(t, []string{"cat", "dog"}, e.About().ClassNames)
	m := Member{Name: "1", Metrics: map[string]float64{"loss": 1}}
	require.NoError(t, e.Add(newNet(t, 0), m))
	m.Metrics["loss"] = 2
	e.Members()[0].Metrics["loss"] = 3
	assert.Equal(t, map[string]float64{"loss": 1}, e.Members()[0].Metrics)
}

// TestNamesThatAreNoFileNames stay within the directory.
func TestNamesThatAreNoFileNames(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "ensemble")
	e, err := Create(dir, about)
	require.NoError(t, err)
	names := []string{"../up", "..", ".", "the end/2c", "swa, ½", "manifest.json", "%2e"}
	for i, name := range names {
		require.NoError(t, e.Add(newNet(t, uint64(i)), Member{Name: name}))
	}
	e, err = Open(dir)
	require.NoError(t, err)
	for i, name := range names {
		net := newNet(t, 99)
		require.NoError(t, e.Load(net, name))
		assert.Equal(t, newNet(t, uint64(i)).Weights(), net.Weights(), name)
	}
	entries, err := os.ReadDir(parent)
	require.NoError(t, err)
	assert.Len(t, entries, 1)
}

// TestOpenFindsDamage in every file, and says what is wrong with each.
func TestOpenFindsDamage(t *testing.T) {
	dir := t.TempDir()
	made(t, dir)
	one := filepath.Join(dir, "1.safetensors")
	cut, gone := filepath.Join(dir, "1c.safetensors"), filepath.Join(dir, "2.safetensors")
	text := []byte(read(t, one))
	text[len(text)-3] ^= 1
	require.NoError(t, os.WriteFile(one, text, 0o644))
	require.NoError(t, os.Truncate(cut, 500))
	require.NoError(t, os.Remove(gone))
	for name, open := range map[string]func() (*Ensemble, error){
		"open":   func() (*Ensemble, error) { return Open(dir) },
		"create": func() (*Ensemble, error) { return Create(dir, about) },
	} {
		t.Run(name, func(t *testing.T) {
			_, err := open()
			require.ErrorIs(t, err, ErrDamaged)
			assert.ErrorIs(t, err, fs.ErrNotExist)
			assert.ErrorContains(t, err, `member "1": `+one+" has the sha256 ")
			assert.ErrorContains(t, err, `member "1c": `+cut+" has 500 bytes: 592 are expected")
			assert.ErrorContains(t, err, `member "2": open `+gone)
			assert.NotContains(t, err.Error(), `member "2c"`)
		})
	}
}

func TestCreateRefusesTheDirectoryOfAnother(t *testing.T) {
	dir := t.TempDir()
	made(t, dir)
	before := read(t, dir, "manifest.json")
	for says, change := range map[string]func(a *About){
		`its arch is "perceptron", not "resnet20"`: func(a *About) { a.Arch = "resnet20" },
		`its number of classes is "2", not "3"`:    func(a *About) { a.Classes, a.ClassNames = 3, nil },
		`its data set is "made"`:                   func(a *About) { a.Data = "found" },
		`its preprocessing is`:                     func(a *About) { a.Preprocessing = "none" },
		`its plan is "two cycles"`:                 func(a *About) { a.Plan = "three cycles" },
		`its text of settings is ""`:               func(a *About) { a.Settings = "batch 8" },
		`its seed is "7", not "8"`:                 func(a *About) { a.Seed = 8 },
		`its classes are ["cat" "dog <&>"]`:        func(a *About) { a.ClassNames = nil },
	} {
		other := about
		change(&other)
		_, err := Create(dir, other)
		assert.ErrorIs(t, err, ErrOther)
		assert.ErrorContains(t, err, says)
		assert.ErrorContains(t, err, dir)
	}
	assert.Equal(t, before, read(t, dir, "manifest.json"))
}

func TestCreateRefuses(t *testing.T) {
	for says, a := range map[string]About{
		"0 classes":                             {},
		"2 names of classes: there are 3":       {Classes: 3, ClassNames: []string{"a", "b"}},
		`the text "\xff" is not UTF-8`:          {Classes: 3, Preprocessing: "\xff"},
		`the text "b\x80" is not UTF-8`:         {Classes: 1, ClassNames: []string{"b\x80"}},
		`the text "plan \xfe" is not UTF-8`:     {Classes: 1, Plan: "plan \xfe"},
		`the text "settings \xff" is not UTF-8`: {Classes: 1, Settings: "settings \xff"},
		`the text "arch\xc0" is not UTF-8`:      {Classes: 1, Arch: "arch\xc0"},
		`the text "data \xed" is not UTF-8`:     {Classes: 1, Data: "data \xed"},
		"-1 classes: at least 1 is expected":    {Classes: -1},
	} {
		dir := filepath.Join(t.TempDir(), "ensemble")
		_, err := Create(dir, a)
		assert.ErrorIs(t, err, ErrManifest)
		assert.ErrorContains(t, err, says)
		assert.NoDirExists(t, dir)
	}
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o644))
	_, err := Create(file, about)
	assert.ErrorContains(t, err, file)
}

// TestCreateKeepsAManifestThatItCannotRead: it may be of a later version.
func TestCreateKeepsAManifestThatItCannotRead(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "manifest.json")
	const later = `{"format": "cascade ensemble", "version": 2}`
	require.NoError(t, os.WriteFile(path, []byte(later), 0o644))
	_, err := Create(dir, about)
	assert.ErrorIs(t, err, ErrManifest)
	assert.ErrorContains(t, err, "its version is 2: this program knows 1")
	assert.Equal(t, later, read(t, path))
}

func TestAddRefusesAndChangesNothing(t *testing.T) {
	dir := t.TempDir()
	e := made(t, dir)
	before := read(t, dir, "manifest.json")
	for says, m := range map[string]Member{
		"a member has no name": {},
		`member "1c": the metric "nll" is NaN: a finite number`:         {Name: "1c", Metrics: map[string]float64{"nll": math.NaN()}},
		`member "1c": epoch +Inf`:                                       {Name: "1c", Epoch: math.Inf(1)},
		`member "1c": epoch -1`:                                         {Name: "1c", Epoch: -1},
		`the text "1\xff" is not UTF-8`:                                 {Name: "1\xff"},
		`member "1": unusable description: the text "\xff" is not UTF-`: {Name: "1", Phase: "\xff"},
		`a name of 412 bytes: at most 200 are possible`:                 {Name: strings.Repeat("long", 100)},
	} {
		err := e.Add(newNet(t, 9), m)
		assert.ErrorIs(t, err, ErrManifest)
		assert.ErrorContains(t, err, says)
	}
	assert.Equal(t, before, read(t, dir, "manifest.json"))
	_, err := Open(dir)
	assert.NoError(t, err)
}

func TestLoadRefuses(t *testing.T) {
	e := made(t, t.TempDir())
	err := e.Load(newNet(t, 0), "3c")
	assert.ErrorIs(t, err, ErrNoMember)
	assert.ErrorContains(t, err, `"3c": there are ["1" "1c" "2" "2c"]`)

	g := nn.New("other")
	other := g.Output("logits", g.Vec("x", 5).Dense(2)).MustBuild()
	before := append([]float32(nil), other.Weights()...)
	err = e.Load(other, "1c")
	assert.ErrorContains(t, err, `member "1c": nn: loading net "other"`)
	assert.Equal(t, before, other.Weights())
}

func TestOpenOfNoEnsemble(t *testing.T) {
	dir := t.TempDir()
	_, err := Open(dir)
	assert.True(t, errors.Is(err, fs.ErrNotExist))
	assert.ErrorContains(t, err, filepath.Join(dir, "manifest.json"))
}

// TestAFailedAddLeavesWhatThereWas, in the directory and in memory, wherever it fails.
func TestAFailedAddLeavesWhatThereWas(t *testing.T) {
	for name, breaks := range map[string]func(t *testing.T, dir string){
		"no directory": func(t *testing.T, dir string) {
			require.NoError(t, os.RemoveAll(dir))
		},
		"a directory in the place of the file": func(t *testing.T, dir string) {
			require.NoError(t, os.MkdirAll(filepath.Join(dir, "3.safetensors", "x"), 0o777))
		},
		"a directory in the place of the manifest": func(t *testing.T, dir string) {
			require.NoError(t, os.Remove(filepath.Join(dir, "manifest.json")))
			require.NoError(t, os.MkdirAll(filepath.Join(dir, "manifest.json", "x"), 0o777))
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "ensemble")
			e := made(t, dir)
			breaks(t, dir)
			err := e.Add(newNet(t, 5), Member{Name: "3", Step: 40})
			assert.ErrorContains(t, err, "ensemble: "+dir)
			assert.Equal(t, []string{"1", "1c", "2", "2c"}, e.names())
			temporaries, err := filepath.Glob(filepath.Join(dir, ".*tmp*"))
			require.NoError(t, err)
			assert.Empty(t, temporaries)
		})
	}
}
