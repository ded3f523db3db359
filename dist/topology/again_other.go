//go:build !linux

package topology

import "errors"

func again([]int) error { return errors.ErrUnsupported }
