package gan

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/conv3d"
	"github.com/cascade-hpc/cascade/recipes/calogan/shower"
)

// planes is the number of values of a shower's three profiles: the sums of the cells
// in each plane across z, x and y.
const planes = 3 * 25

// profiles are the three profiles of cells that were made with an image's scale, in
// GeV times a factor.
func profiles(cells conv3d.Vol, factor float64) nn.Vec {
	sum := func(window conv3d.Spec) nn.Vec { return cells.AvgPool(window).Flatten() }
	return sum(conv3d.K(25, 25, 1)).Concat(sum(conv3d.K(1, 25, 25)), sum(conv3d.K(25, 1, 25))).
		Scale(factor * 25 * 25 / smallScale)
}

// Profiles is the mean energy in each plane, divided by E', as the data have it: a
// quadratic in ln E', fitted by least squares. It is to the planes what the published
// fit of the visible energy is to the sum of all cells.
type Profiles struct {
	normal [3][3]float64 // sums of products of 1, ln E', ln² E'
	right  [planes][3]float64
	total  [planes]float64
	n      int
	fit    [planes][3]float64
}

// Add takes showers into the fit: cells and primary energies in GeV.
func (p *Profiles) Add(cells, energies []float32) {
	for i, energy := range energies {
		e := float64(energy) / 100
		var sum [planes]float64
		for c, v := range cells[i*shower.Cells : (i+1)*shower.Cells] {
			sum[c%25] += float64(v)
			sum[25+c/625] += float64(v)
			sum[50+c/25%25] += float64(v)
		}
		powers := powersOfLog(e)
		for j, a := range powers {
			for k, b := range powers {
				p.normal[j][k] += a * b
			}
			for plane, s := range sum {
				p.right[plane][j] += a * s / e
			}
		}
		for plane, s := range sum {
			p.total[plane] += s / e
		}
		p.n++
	}
}

func powersOfLog(e float64) [3]float64 {
	x := math.Log(e)
	return [3]float64{1, x, x * x}
}

// Combine adds up the sums of all ranks, ahead of Fit.
func (p *Profiles) Combine(c *dist.Comm) error {
	sums := []float64{float64(p.n)}
	for _, row := range p.normal {
		sums = append(sums, row[:]...)
	}
	for _, row := range p.right {
		sums = append(sums, row[:]...)
	}
	sums = append(sums, p.total[:]...)
	if err := dist.Allreduce(c, sums, dist.Sum); err != nil {
		return err
	}
	p.n, sums = int(sums[0]), sums[1:]
	for i := range p.normal {
		sums = sums[copy(p.normal[i][:], sums):]
	}
	for i := range p.right {
		sums = sums[copy(p.right[i][:], sums):]
	}
	copy(p.total[:], sums)
	return nil
}

// cell is the mean energy of a cell, for E' = 1 and numbered in the order x, y, z, if
// the three profiles were independent of each other.
func (p *Profiles) cell(i int) float64 {
	all := 0.0
	for _, sum := range p.total[:25] {
		all += sum
	}
	if all == 0 {
		return 0
	}
	product := p.total[i%25] * p.total[25+i/625] * p.total[50+i/25%25]
	return product / (all * all * float64(p.n))
}

// ErrFit says that the data do not determine the profiles.
var ErrFit = errors.New("the profiles of the data cannot be fitted")

// Fit solves for the coefficients. Errors: ErrFit, with fewer than three energies.
func (p *Profiles) Fit() error {
	normal := mat.NewDense(3, 3, nil)
	right := mat.NewDense(3, planes, nil)
	for j := range p.normal {
		normal.SetRow(j, p.normal[j][:])
		for plane := range planes {
			right.Set(j, plane, p.right[plane][j])
		}
	}
	var solution mat.Dense
	if err := solution.Solve(normal, right); err != nil {
		return fmt.Errorf("gan: %w: %d showers: %w", ErrFit, p.n, err)
	}
	for plane := range planes {
		for j := range 3 {
			p.fit[plane][j] = solution.At(j, plane)
		}
	}
	return nil
}

// least is the energy, in GeV for E' = 1, below which a plane counts no more.
const least = 1e-3

// targets writes the profiles of showers of the energies E', each plane in units of
// its mean, and the units' reciprocals.
func (p *Profiles) targets(want, unit, energies []float32) {
	for i, e := range energies {
		powers := powersOfLog(float64(e))
		for plane := range planes {
			mean := p.total[plane] / float64(p.n)
			u := 1 / math.Hypot(mean, least)
			value := 0.0
			for j, a := range powers {
				value += a * p.fit[plane][j]
			}
			want[i*planes+plane], unit[i*planes+plane] = float32(value*u), float32(u)
		}
	}
}
