package shower

// The calorimeter is the electromagnetic one of the CLIC "New Detector Model".
const (
	Pads   = 25 // pads along x and along y in an event
	Layers = 25 // layers along z
	Cells  = Pads * Pads * Layers

	frontLayers = 17
	frontMM     = 2.4 // tungsten in each of the first 17 layers
	backMM      = 4.8 // and in the other 8
	sensorMM    = 0.5
	padMM       = 5.1
	stackMM     = 159 // all layers with the gaps and boards between them
)

// layer is one absorber with the sensor behind it.
type layer struct {
	from, to float64 // depth in X0
	absorber float64 // thickness of its absorber over that of the front layers
	fraction float64 // visible part of the energy that is lost in it
}

// newStack lays out the 25 layers. The sensor sees its share of what a minimum
// ionising particle loses, times ê, times calibration.
func newStack(m medium) [Layers]layer {
	var stack [Layers]layer
	depth := 0.0
	for k := range stack {
		mm := frontMM
		if k >= frontLayers {
			mm = backMM
		}
		to := depth + tungsten.radiationLengths(mm) + silicon.radiationLengths(sensorMM)
		seen := silicon.mip(sensorMM)
		stack[k] = layer{
			from: depth, to: to, absorber: mm / frontMM,
			fraction: calibration * m.e * seen / (seen + tungsten.mip(mm)),
		}
		depth = to
	}
	return stack
}

// moliereInPads is the Molière radius of the whole stack, gaps included: they
// add length but no mass, so a shower is wider than in its metal alone.
func moliereInPads(m medium) float64 {
	metal := frontLayers*frontMM + (Layers-frontLayers)*backMM
	mass := metal*tungsten.density + Layers*sensorMM*silicon.density // mm g/cm3
	return m.moliere / (mass / stackMM) * 10 / padMM
}
