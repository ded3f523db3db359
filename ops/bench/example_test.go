package main

import "os"

// The columns are the same whatever is timed; here every implementation is left out.
func Example() {
	run([]string{"--conv", "--dir=FWD_D", "--mb=1", "--csv", "--skip-impl=:", "--batch=shapes_3dgan"}, os.Stdout, os.Stderr)
	// Output:
	// name,impl,gflops,best_ms,median_ms,peak_share
}
