package roc_test

import (
	"fmt"

	"github.com/cascade-hpc/cascade/recipes/chexnet/roc"
)

// Six images of four patients: the finding is in three, and a network gave scores.
func Example() {
	scores := []float64{0.9, 0.8, 0.3, 0.4, 0.2, 0.1}
	finding := []bool{true, true, true, false, false, false}
	patients := []int64{1, 1, 2, 3, 3, 4}
	area, err := roc.NewArea(scores, finding, patients)
	if err != nil {
		fmt.Println(err)
		return
	}
	low, high, _ := area.Interval()
	fmt.Printf("AUROC %.3f (%.3f to %.3f), %d of %d\n", area.AUC, low, high, area.Positives, area.Positives+area.Negatives)
	// Output: AUROC 0.889 (0.564 to 1.000), 3 of 6
}
