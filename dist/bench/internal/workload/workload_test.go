package workload_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/dist/bench/internal/workload"
)

func Example() {
	step, err := workload.New("resnet20", 4)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer step.Close()
	fmt.Println(step.Run(0), len(step.Parts), step.Parts[0].Net.Size())
	// Output: <nil> 1 269722
}

// TestStepsTrain: every net that a step trains gets other weights, which are numbers.
func TestStepsTrain(t *testing.T) {
	for name, parts := range map[string]int{"resnet20": 1, "3dgan": 5} {
		t.Run(name, func(t *testing.T) {
			s, err := workload.New(name, 2)
			require.NoError(t, err)
			defer s.Close()
			require.Len(t, s.Parts, parts)
			assert.Positive(t, s.FLOPs())
			before := map[string][]float32{}
			for _, p := range s.Parts {
				if p.Net != nil {
					before[p.Net.Name()] = slices.Clone(p.Net.Weights())
				}
			}
			require.NoError(t, s.Run(0))
			for _, p := range s.Parts {
				if p.Net == nil {
					continue
				}
				assert.NotEqual(t, before[p.Net.Name()], p.Net.Weights(), p.Net.Name())
				for i, w := range p.Net.Weights() {
					require.False(t, math.IsNaN(float64(w)), "weight %d of %s", i, p.Net.Name())
				}
			}
		})
	}
}

func TestStepsThatAreNotThereAreRefused(t *testing.T) {
	_, err := workload.New("resnet51", 2)
	assert.ErrorContains(t, err, `no step "resnet51": 3dgan, resnet20, resnet50 are there`)
	_, err = workload.New("resnet20", 0)
	assert.ErrorContains(t, err, "a batch of 0: at least 1")
}
