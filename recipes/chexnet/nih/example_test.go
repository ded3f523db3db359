package nih_test

import (
	"fmt"

	"github.com/cascade-hpc/cascade/recipes/chexnet/nih"
)

func ExampleParseLabels() {
	labels, err := nih.ParseLabels("Cardiomegaly|Emphysema")
	fmt.Println(labels, err)
	for i, v := range labels {
		if v == 1 {
			fmt.Println(i, nih.Findings[i])
		}
	}
	// Output:
	// Cardiomegaly|Emphysema <nil>
	// 1 Cardiomegaly
	// 10 Emphysema
}
