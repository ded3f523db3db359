// Package recipetest lets the tests of a recipe run its command: the test binary, run again
// with arguments, alone or as ranks under a launcher of MPI.
//
//	func TestMain(m *testing.M) { recipetest.Main(m, program.Main) }
//
//	out := recipetest.Interrupted(t, launcher, checkpoint, "train --data x.h5")
package recipetest
