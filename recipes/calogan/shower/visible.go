package shower

// Visible is the mean visible energy, in GeV, of an electron of energyGeV in the
// calorimeter: the fit to a Geant4 simulation that the published 3D-GAN trains
// against (GetEcalFit, mode 1; from 10 to 500 GeV),
//
//	E' (0.0018 E'^4 - 0.023 E'^3 + 0.11 E'^2 - 0.28 E' + 2.21),  E' = E/100 GeV.
//
// That is 2.18% of the energy at 10 GeV and 1.81% at 500 GeV.
func Visible(energyGeV float64) float64 {
	e := energyGeV / 100
	return e * ((((0.0018*e-0.023)*e+0.11)*e-0.28)*e + 2.21)
}
