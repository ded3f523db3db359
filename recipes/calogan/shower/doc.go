// Package shower makes electromagnetic showers in the CLIC calorimeter without
// a detector simulation: training data that anyone can have, to the bit, from a
// seed.
//
// Each event is an electron of given energy that enters a sampling calorimeter
// at a right angle. Its shower is drawn from the parameterisation of Grindhammer
// and Peters, "The parameterized simulation of electromagnetic showers in
// homogeneous and sampling calorimeters", hep-ex/0001020: a longitudinal profile
// whose shape fluctuates from event to event, spots of energy about the axis,
// and the fluctuations of sampling. [Simulator] draws one event, [Generate] as
// many as wanted on all cores:
//
//	err := shower.Generate(shower.Config{}, 10_000, seed, threads,
//		func(first int, ecal, target []float32) error {
//			return save(ecal, target) // rows first, first+1, …
//		})
//
// The calorimeter has 25 layers: 17 with 2.4 mm of tungsten, then 8 with 4.8 mm,
// each read out by 0.5 mm of silicon in pads of 5.1 mm. An event is the energy
// seen in 25 x 25 x 25 pads in GeV, axes (x, y, z), z the depth.
//
// # What these showers are not
//
// They are parameterised showers. There are no sub-showers, no noise of the
// electronics, and no direction about the axis is preferred. Their mean visible
// energy follows a fit to a Geant4 simulation of the same calorimeter ([Visible])
// within 2% from 10 to 500 GeV; nothing else was adjusted.
package shower
