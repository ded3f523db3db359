// Package calochallenge reads the data sets of the Fast Calorimeter Simulation
// Challenge 2022 (calochallenge.github.io): HDF5 files with the energy of the
// particle in incident_energies and that of every voxel in showers, both in MeV,
// and the geometry in an XML file beside them.
//
//	binning, err := calochallenge.ReadBinning("binning_dataset_2.xml", "electron")
//	src, err := calochallenge.Open(binning, "dataset_2_1.hdf5")
//	loader, err := data.From(src).Fields("showers", "incident_energies")…
//
// A calorimeter of equal layers arrives as volumes 1 x layers x angles x radii,
// ready for package nn/conv3d: 1 x 45 x 16 x 9 in data set 2, 1 x 45 x 50 x 18 in
// data set 3. The layers of data set 1 differ, and a shower of it stays a vector:
// 368 voxels for photons, 533 for pions. [Binning.Index] finds a voxel in it.
package calochallenge
