//go:build !linux

package ops

// askForHugePages does nothing: systems other than Linux decide for themselves.
func askForHugePages([]byte) error { return nil }
