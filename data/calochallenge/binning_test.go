package calochallenge

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/source"
)

// photons is the geometry of data set 1 for photons as the challenge publishes it.
var photons = `<Bins>
   <Bin pid="22" etaMin="0" etaMax="130" name="photon">
      <Layer id="0" r_edges="0,5,10,30,50,100,200,400,600" n_bin_alpha="1" />
      <Layer id="1" r_edges="0,2,4,6,8,10,12,15,20,30,40,50,70,90,120,150,200" n_bin_alpha="10"/>
      <Layer id="2" r_edges="0,2,5,10,15,20,25,30,40,50,60,80,100,130,160,200,250,300,350,400" n_bin_alpha="10"/>
      <Layer id="3" r_edges="0,50,100,200,400,600" n_bin_alpha="1" />
      <Layer id="4" r_edges="0" n_bin_alpha="1" />
      <Layer id="12" r_edges="0,100,200,400,1000,2000" n_bin_alpha="1" />
      <Layer id="13" r_edges="0" n_bin_alpha="1" />
   </Bin>
</Bins>`

// electrons is that of data set 2: 45 layers of 16 angles and 9 rings of 4.65 mm.
func electrons(layers, alpha, rings int, width float64) string {
	edges := make([]string, rings+1)
	for i := range edges {
		edges[i] = fmt.Sprintf("%.4g", float64(i)*width)
	}
	var b strings.Builder
	b.WriteString(`<Bins><Bin pid="11" name="electron">`)
	for l := range layers {
		fmt.Fprintf(&b, `<Layer id="%d" r_edges="%s" n_bin_alpha="%d" />`, l, strings.Join(edges, ","), alpha)
	}
	b.WriteString(`</Bin></Bins>`)
	return b.String()
}

func TestPublishedVoxelCounts(t *testing.T) {
	for _, tc := range []struct {
		name, text, particle string
		voxels               int
		shape                []int
	}{
		{"data set 1, photons", photons, "photon", 368, []int{368}},
		{"data set 2", electrons(45, 16, 9, 4.65), "electron", 6480, []int{1, 45, 16, 9}},
		{"data set 3, its only particle", electrons(45, 50, 18, 2.325), "", 40500, []int{1, 45, 50, 18}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "binning.xml")
			require.NoError(t, os.WriteFile(path, []byte(tc.text), 0o644))
			b, err := ReadBinning(path, tc.particle)
			require.NoError(t, err)
			assert.Equal(t, tc.voxels, b.Voxels())
			assert.Equal(t, tc.shape, b.Shape())
			last := b.Layers[len(b.Layers)-1]
			assert.Equal(t, tc.voxels-1, b.Index(len(b.Layers)-1, last.Alpha-1, last.Rings()-1))
		})
	}
}

func TestVoxelsOfDataSet1(t *testing.T) {
	b, err := parseBinning([]byte(photons), "photon")
	require.NoError(t, err)
	assert.Equal(t, []int{0, 1, 2, 3, 12}, []int{b.Layers[0].ID, b.Layers[1].ID, b.Layers[2].ID, b.Layers[3].ID, b.Layers[4].ID})
	assert.Equal(t, 8, b.Index(1, 0, 0), "after the 8 rings of layer 0")
	assert.Equal(t, 8+16+1, b.Index(1, 1, 1), "rings count fastest")
	assert.Equal(t, 8+160+190, b.Index(3, 0, 0))
	x, y := b.Centre(1, 5, 2) // the sixth of ten angles begins at 0
	assert.InDelta(t, 5, math.Hypot(x, y), 1e-12)
	assert.InDelta(t, math.Pi/10, math.Atan2(y, x), 1e-12)
}

func TestBinningsThatAreRefused(t *testing.T) {
	layer := func(attributes string) string {
		return `<Bins><Bin name="photon"><Layer ` + attributes + `/></Bin></Bins>`
	}
	for _, tc := range []struct {
		name, text string
		want       error
		says       string
	}{
		{"not XML", "hello", source.ErrFormat, "not the XML of a binning"},
		{"other XML", "<html></html>", source.ErrFormat, "Bins"},
		{"another particle", electrons(1, 1, 1, 1), source.ErrMissing, `no binning for the particle "photon"; there are "electron"`},
		{"no layers", `<Bins><Bin name="photon"></Bin></Bins>`, source.ErrShape, "0 voxels"},
		{"no number", layer(`id="a" r_edges="0,1" n_bin_alpha="1"`), source.ErrFormat, `"a"`},
		{"no angles", layer(`id="3" r_edges="0,1" n_bin_alpha="0"`), source.ErrShape, "layer 3: wrong shape: n_bin_alpha is 0"},
		{"no radii", layer(`id="3" r_edges="0,x" n_bin_alpha="1"`), source.ErrFormat, `r_edges "0,x" are not radii`},
		{"no attribute", layer(`id="3" n_bin_alpha="1"`), source.ErrFormat, "are not radii"},
		{"NaN", layer(`id="3" r_edges="0,nan" n_bin_alpha="1"`), source.ErrFormat, "are not radii"},
		{"falling radii", layer(`id="3" r_edges="0,2,1" n_bin_alpha="1"`), source.ErrShape, "do not ascend"},
		{"absurd", layer(`id="3" r_edges="0,1,2,3" n_bin_alpha="268435456"`), source.ErrShape, "805306368 voxels"},
		{"a layer twice", `<Bins><Bin name="photon"><Layer id="1" r_edges="0,1" n_bin_alpha="1"/><Layer id="1" r_edges="0,1" n_bin_alpha="1"/></Bin></Bins>`, source.ErrShape, "layer 1 is listed twice"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := parseBinning([]byte(tc.text), "photon")
			require.ErrorIs(t, err, tc.want)
			assert.ErrorContains(t, err, tc.says)
		})
	}
	_, err := ReadBinning(filepath.Join(t.TempDir(), "none.xml"), "photon")
	assert.ErrorIs(t, err, os.ErrNotExist)
}

func FuzzBinning(f *testing.F) {
	f.Add([]byte(photons))
	f.Add([]byte(electrons(2, 3, 4, 5)))
	f.Fuzz(func(t *testing.T, text []byte) {
		b, err := parseBinning(text, "photon")
		if err != nil {
			return
		}
		n := 1
		for _, d := range b.Shape() {
			n *= d
		}
		if n != b.Voxels() || n < 1 {
			t.Fatalf("shape %v of %d voxels", b.Shape(), b.Voxels())
		}
	})
}
