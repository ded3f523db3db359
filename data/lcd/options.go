package lcd

import (
	"fmt"
	"math"

	"github.com/cascade-hpc/cascade/data/source"
)

// The fields of a row.
const (
	Shower = "shower"
	Energy = "energy"
	Sum    = "sum"
	Angle  = "angle"
)

// Options is the preprocessing, in the order in which it is done. Cells of files of
// fixed angle are in GeV, those of variable angle in GeV/50.
type Options struct {
	Scale     float32 // cells are multiplied by it
	Threshold float32 // cells below are set to zero
	// MinSum leaves out events whose cells, scaled and cut, sum to it or less; 0 leaves
	// out none. To know them, Open reads everything once.
	MinSum     float32
	Power      float32 // cells become x^Power; at zero they stay zero
	EnergyUnit float32 // GeV: the primary energy is divided by it
	// WithAngle adds the field Angle: of the data set mtheta (measured from the
	// image), else of theta (the particle's), else measured from the image here.
	WithAngle bool
	// Progress, if there is one, is told how many of all events Open has looked at.
	Progress func(done, all int)
}

// Fixed is the preprocessing of the fixed-angle network (GetData of EcalEnergyTrain.py):
// cells below 1 keV are zero, energies in units of 100 GeV.
var Fixed = Options{Scale: 1, Threshold: 1e-6, Power: 1, EnergyUnit: 100}

// Variable is that of the variable-angle network (GetDataAngle of GANutils.py, as
// AngleTrain3dGAN.py calls it): events of a sum of 10 or less (0.2 GeV) are left out
// and the range of the cells is compressed by a power of 0.85.
var Variable = Options{Scale: 1, MinSum: 10, Power: 0.85, EnergyUnit: 100, WithAngle: true}

func (o Options) check() error {
	for _, c := range []struct {
		name  string
		value float32
		low   float32 // the least that is above what is refused
	}{
		{"Scale", o.Scale, math.SmallestNonzeroFloat32},
		{"Threshold", o.Threshold, 0},
		{"MinSum", o.MinSum, 0},
		{"Power", o.Power, math.SmallestNonzeroFloat32},
		{"EnergyUnit", o.EnergyUnit, math.SmallestNonzeroFloat32},
	} {
		if !(c.value >= c.low && c.value <= math.MaxFloat32) {
			return fmt.Errorf("lcd: Options.%s: %w: %g; begin with lcd.Fixed or lcd.Variable", c.name, source.ErrRange, c.value)
		}
	}
	return nil
}

// cut scales cells and sets those below the threshold to zero, in place; it returns
// their sum.
func (o Options) cut(cells []float32) float32 {
	sum := 0.0
	for i, v := range cells {
		v *= o.Scale
		if v < o.Threshold {
			v = 0
		}
		cells[i] = v
		sum += float64(v)
	}
	return float32(sum)
}

// compress raises cells to the power.
func (o Options) compress(cells []float32) {
	if o.Power == 1 {
		return
	}
	for i, v := range cells {
		if v != 0 {
			cells[i] = float32(math.Pow(float64(v), float64(o.Power)))
		}
	}
}
