package cpu

import (
	"fmt"
	"strconv"
	"strings"
)

// Max is the number of cores that an affinity can tell apart.
const Max = 1024

// Parse reads a list in the kernel's notation: "0-3,8,10-12".
func Parse(text string) ([]int, error) {
	var cores []int
	for _, item := range strings.Split(strings.TrimSpace(text), ",") {
		first, last, isRange := strings.Cut(item, "-")
		lo, err := strconv.Atoi(first)
		hi := lo
		if err == nil && isRange {
			hi, err = strconv.Atoi(last)
		}
		if err != nil || lo < 0 || hi < lo || hi >= Max {
			return nil, fmt.Errorf("%q is no core and no range of cores from 0 to %d", item, Max-1)
		}
		for c := lo; c <= hi; c++ {
			cores = append(cores, c)
		}
	}
	return cores, nil
}

// Format writes a sorted list in the kernel's notation.
func Format(cores []int) string {
	var items []string
	for i := 0; i < len(cores); {
		j := i
		for j+1 < len(cores) && cores[j+1] == cores[j]+1 {
			j++
		}
		item := strconv.Itoa(cores[i])
		if j > i {
			item += "-" + strconv.Itoa(cores[j])
		}
		items = append(items, item)
		i = j + 1
	}
	return strings.Join(items, ",")
}
