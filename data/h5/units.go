package main

import (
	"fmt"
	"strconv"
	"strings"
)

// bytesText writes a number of bytes in decimal units, as disks are sold.
func bytesText(n int64) string {
	units := []string{"B", "kB", "MB", "GB", "TB", "PB", "EB"}
	v, k := float64(n), 0
	for ; v >= 999.5 && k < len(units)-1; k++ {
		v /= 1000
	}
	if k == 0 {
		return fmt.Sprintf("%d B", n)
	}
	return significant(v) + " " + units[k]
}

// significant writes a positive number with three digits that count.
func significant(v float64) string {
	switch {
	case v >= 99.95:
		return fmt.Sprintf("%.0f", v)
	case v >= 9.995:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// count writes a whole number with its thousands apart, and what is counted.
func count(n int, unit string) string {
	if n == 1 {
		return "1 " + strings.TrimSuffix(unit, "s")
	}
	digits := strconv.Itoa(n)
	for at := len(digits) - 3; at > 0 && digits[at-1] != '-'; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits + " " + unit
}
