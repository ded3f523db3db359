package cpu_test

import (
	"fmt"

	"github.com/cascade-hpc/cascade/internal/cpu"
)

func ExampleParse() {
	list, err := cpu.Parse("8,0-3")
	fmt.Println(list, err)
	fmt.Println(cpu.Format([]int{0, 1, 2, 3, 8}))
	// Output:
	// [8 0 1 2 3] <nil>
	// 0-3,8
}
