// Package physics compares two samples of calorimeter showers: those a network
// was trained on, and those it makes.
//
// Showers are fed in batches, so that files of any size stream through; what is
// kept is sums in slices of primary energy. [Compare] turns two collections into
// a [Report] of what a calorimeter physicist looks at first (profiles, response,
// resolution, moments, hits, cell energies, the position of the maximum), of the
// two figures of merit by which the published 3D-GAN chooses its best epoch, and
// of pass marks:
//
//	data, gan := physics.NewCollector("data"), physics.NewCollector("GAN")
//	err := data.Add(ecal, energies) // [n][25][25][25] GeV, [n] GeV; as often as needed
//	err = gan.Add(fakeEcal, fakeEnergies)
//	report, err := physics.Compare(data, gan)
//	err = report.Table(os.Stdout)
//	err = report.WriteJSON("validation.json")
//	err = report.Plot("plots")
//
// # Unequal spectra
//
// The two samples need not have the same energies. Figures over all energies are
// means over bands of 50 GeV, weighted for both samples with the data's numbers
// of events, and bands that only one sample has are left out.
//
// # How to read it
//
// Every figure comes with its difference in units of the statistical error of
// that difference; and every figure of merit with the floor, which is what the
// two halves of the data give when compared with each other. A floor has half
// the events, so chance alone makes it larger than the figure above it by up to
// a factor of sqrt(2) (and the event-by-event term F never reaches zero: showers
// of one energy differ).
package physics
