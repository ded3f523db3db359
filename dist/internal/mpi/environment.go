package mpi

import (
	"fmt"
	"os"
)

// quiet are settings of libraries below MPI that otherwise install handlers for
// signals that Go needs, some of them while they are loaded: UCX for SIGSEGV and
// its like, and those of Omni-Path (libhfi1) and TrueScale (libpsm_infinipath).
var quiet = map[string]string{
	"UCX_ERROR_SIGNALS":  "",
	"HFI_NO_BACKTRACE":   "1",
	"IPATH_NO_BACKTRACE": "1",
}

// prepare makes those settings where the user has made none. os.Setenv reaches C's
// environment too, because package purego, like cgo, gives the runtime libc's setenv.
func prepare() error {
	for name, value := range quiet {
		if _, set := os.LookupEnv(name); set {
			continue
		}
		if err := os.Setenv(name, value); err != nil {
			return fmt.Errorf("mpi: %w", err)
		}
	}
	return nil
}
