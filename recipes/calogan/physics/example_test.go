package physics_test

import (
	"fmt"

	"github.com/cascade-hpc/cascade/recipes/calogan/physics"
	"github.com/cascade-hpc/cascade/recipes/calogan/shower"
)

func Example() {
	collect := func(name string, seed uint64) *physics.Collector {
		c := physics.NewCollector(name)
		err := shower.Generate(shower.Config{}, 500, seed, 2, func(_ int, ecal, target []float32) error {
			energies := make([]float32, 0, shower.Block)
			for i := 1; i < len(target); i += 2 {
				energies = append(energies, target[i])
			}
			return c.Add(ecal, energies)
		})
		if err != nil {
			fmt.Println(err)
		}
		return c
	}
	report, err := physics.Compare(collect("data", 1), collect("others", 2))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range report.Criteria {
		fmt.Println(c.Pass, c.Name)
	}
	// Output:
	// true longitudinal profile, worst layer
	// true energy response, falling steps
	// true diversity, GAN over data
}
