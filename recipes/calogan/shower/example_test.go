package shower_test

import (
	"fmt"

	"github.com/cascade-hpc/cascade/internal/philox"
	"github.com/cascade-hpc/cascade/recipes/calogan/shower"
)

func ExampleGenerate() {
	events, cells := 0, 0
	err := shower.Generate(shower.Config{EnergyMin: 10, EnergyMax: 20}, 100, 42, 2,
		func(_ int, ecal, target []float32) error {
			events += len(target) / 2
			cells += len(ecal)
			return nil
		})
	fmt.Println(events, cells == 100*shower.Cells, err)
	// Output: 100 true <nil>
}

func ExampleSimulator_Event() {
	sim, err := shower.New(shower.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	ecal := make([]float32, shower.Cells)
	var mean float64
	for i := range 200 {
		rng := philox.NewStream(1, uint64(i))
		if err := sim.Event(ecal, 100, &rng); err != nil {
			fmt.Println(err)
			return
		}
		for _, v := range ecal {
			mean += float64(v) / 200
		}
	}
	fmt.Printf("%.1f GeV seen of 100, the fit says %.1f\n", mean, shower.Visible(100))
	// Output: 2.0 GeV seen of 100, the fit says 2.0
}
