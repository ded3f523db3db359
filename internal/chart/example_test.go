package chart_test

import (
	"fmt"
	"os"
	"path/filepath"

	"gonum.org/v1/plot/plotter"

	"github.com/cascade-hpc/cascade/internal/chart"
)

func Example() {
	dir, err := os.MkdirTemp("", "chart")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	err = chart.Chart{
		Title: "Learning rate", X: "epoch", Y: "rate",
		Lines: []chart.Line{{Name: "poly", XY: plotter.XYs{{X: 0, Y: 0.1}, {X: 90, Y: 0}}}},
	}.Write(filepath.Join(dir, "rate.png"))
	fmt.Println(err)
	// Output: <nil>
}
