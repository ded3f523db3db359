// Package lcd reads the calorimeter data of the LCD collaboration at CERN, on which
// the 3D-GAN was published: HDF5 files of electron showers in the ECAL of CLIC, with
// the preprocessing of the published training.
//
//	src, err := lcd.Open(lcd.Fixed, "EleEscan/EleEscan_*.h5")
//	loader, err := data.From(src).Fields("shower", "energy", "sum").Split(data.Files(0, 0.9))…
//
// [Fixed] is for showers at 90 degrees, 25 x 25 x 25 cells; [Variable] for those at 60
// to 120 degrees, 51 x 51 x 25 cells. Whatever their files call things and in
// whichever type, a row has the fields
//
//	shower  1 x X x Y x Z  energies of the cells, ready for package nn/conv3d
//	energy  1 number       primary energy, in units of 100 GeV
//	sum     1 number       sum over the cells before Power is applied
//	angle   1 number       in radians, of Variable alone
//
// The published code is github.com/svalleco/3Dgan; its files are at zenodo.org/record/3603086.
package lcd
