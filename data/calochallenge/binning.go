package calochallenge

import (
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/cascade-hpc/cascade/data/source"
)

// Layer is the voxels at one depth: a ring between two neighbouring edges is cut
// into Alpha equal angles.
type Layer struct {
	ID    int
	Edges []float64 // of the rings, in mm from the axis of the shower; one more than rings
	Alpha int
}

// Rings is the number of rings.
func (l Layer) Rings() int { return len(l.Edges) - 1 }

// Voxels is the number of voxels.
func (l Layer) Voxels() int { return l.Rings() * l.Alpha }

// Binning is the geometry of a calorimeter for one kind of particle: its layers, in
// order of depth, those without voxels left out.
type Binning struct {
	Particle string
	Layers   []Layer
}

// maxVoxels bounds what a file may declare: data set 3 has 40500.
const maxVoxels = 1 << 28

// ReadBinning reads the geometry for a particle ("photon", "pion", "electron") from
// an XML file of the challenge. An empty name stands for the only particle of the
// file. Errors: those of os.ReadFile, ErrFormat, ErrMissing, ErrShape.
func ReadBinning(path, particle string) (*Binning, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("calochallenge: %w", err)
	}
	b, err := parseBinning(text, particle)
	if err != nil {
		return nil, fmt.Errorf("calochallenge: %s: %w", path, err)
	}
	return b, nil
}

// The elements of the XML file.
type bins struct {
	XMLName xml.Name `xml:"Bins"`
	Bins    []bin    `xml:"Bin"`
}

type bin struct {
	Name   string     `xml:"name,attr"`
	Layers []xmlLayer `xml:"Layer"`
}

type xmlLayer struct {
	ID    string `xml:"id,attr"`
	Edges string `xml:"r_edges,attr"`
	Alpha string `xml:"n_bin_alpha,attr"`
}

func parseBinning(text []byte, particle string) (*Binning, error) {
	var file bins
	if err := xml.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("%w: not the XML of a binning: %w", source.ErrFormat, err)
	}
	found, err := file.find(particle)
	if err != nil {
		return nil, err
	}
	b := &Binning{Particle: found.Name}
	for i, x := range found.Layers {
		l, err := x.layer()
		if err != nil {
			return nil, fmt.Errorf("particle %q: element %d of its layers: %w", found.Name, i+1, err)
		}
		if l.Rings() > 0 {
			b.Layers = append(b.Layers, l)
		}
	}
	slices.SortStableFunc(b.Layers, func(l, m Layer) int { return cmp.Compare(l.ID, m.ID) })
	for i := 1; i < len(b.Layers); i++ {
		if b.Layers[i].ID == b.Layers[i-1].ID {
			return nil, fmt.Errorf("particle %q: %w: layer %d is listed twice", found.Name, source.ErrShape, b.Layers[i].ID)
		}
	}
	if n := b.Voxels(); n == 0 || n > maxVoxels {
		return nil, fmt.Errorf("particle %q: %w: %d voxels", found.Name, source.ErrShape, n)
	}
	return b, nil
}

func (f bins) find(particle string) (bin, error) {
	var names []string
	for _, b := range f.Bins {
		if b.Name == particle || particle == "" && len(f.Bins) == 1 {
			return b, nil
		}
		names = append(names, strconv.Quote(b.Name))
	}
	return bin{}, fmt.Errorf("%w: no binning for the particle %q; there are %s", source.ErrMissing, particle, strings.Join(names, ", "))
}

func (x xmlLayer) layer() (Layer, error) {
	id, errID := strconv.Atoi(strings.TrimSpace(x.ID))
	alpha, errAlpha := strconv.Atoi(strings.TrimSpace(x.Alpha))
	if err := errors.Join(errID, errAlpha); err != nil {
		return Layer{}, fmt.Errorf("%w: %w", source.ErrFormat, err)
	}
	l := Layer{ID: id, Alpha: alpha}
	if alpha < 1 || alpha > maxVoxels {
		return Layer{}, fmt.Errorf("layer %d: %w: n_bin_alpha is %d", id, source.ErrShape, alpha)
	}
	for s := range strings.SplitSeq(x.Edges, ",") {
		r, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
		if err != nil || math.IsNaN(r) || math.IsInf(r, 0) {
			return Layer{}, fmt.Errorf("layer %d: %w: r_edges %q are not radii", id, source.ErrFormat, x.Edges)
		}
		if n := len(l.Edges); n > 0 && r <= l.Edges[n-1] {
			return Layer{}, fmt.Errorf("layer %d: %w: r_edges %q do not ascend", id, source.ErrShape, x.Edges)
		}
		l.Edges = append(l.Edges, r)
	}
	return l, nil
}

// Voxels is the number of voxels of a shower.
func (b *Binning) Voxels() int {
	n := 0
	for _, l := range b.Layers {
		n += l.Voxels()
	}
	return n
}

// Shape is the shape of a shower: (1, layers, angles, rings) where all layers are
// cut alike, else (voxels).
func (b *Binning) Shape() []int {
	first := b.Layers[0]
	for _, l := range b.Layers {
		if l.Alpha != first.Alpha || l.Rings() != first.Rings() {
			return []int{b.Voxels()}
		}
	}
	return []int{1, len(b.Layers), first.Alpha, first.Rings()}
}

// Index is the place of a voxel in a shower: rings count fastest, then angles, then
// layers. layer counts the layers that have voxels.
func (b *Binning) Index(layer, alpha, ring int) int {
	n := 0
	for _, l := range b.Layers[:layer] {
		n += l.Voxels()
	}
	return n + alpha*b.Layers[layer].Rings() + ring
}

// Centre is the middle of a voxel across the shower, in mm: x along angle 0, which
// is the middle of the full circle that begins at -π, and y.
func (b *Binning) Centre(layer, alpha, ring int) (x, y float64) {
	l := b.Layers[layer]
	r := (l.Edges[ring] + l.Edges[ring+1]) / 2
	sin, cos := math.Sincos(2*math.Pi*(float64(alpha)+0.5)/float64(l.Alpha) - math.Pi)
	return r * cos, r * sin
}
