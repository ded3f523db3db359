package arch_test

import (
	"fmt"
	"log"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/recipes/resnet/arch"
)

// The published numbers of parameters, for 28 x 28 x 1 with ten classes counted by hand.
func TestNamesAreThePublishedNetworks(t *testing.T) {
	tests := []struct {
		name    string
		in      arch.Input
		classes int
		size    int
	}{
		{"resnet8", arch.Input{Channels: 1, Height: 28, Width: 28}, 10, 75_002},
		{"resnet20", arch.Input{Channels: 1, Height: 28, Width: 28}, 10, 269_434},
		{"resnet20", arch.Input{Channels: 3, Height: 32, Width: 32}, 10, 269_722},
		{"resnet56", arch.Input{Channels: 3, Height: 32, Width: 32}, 10, 853_018},
		{"resnet18", arch.Input{Channels: 3, Height: 224, Width: 224}, 1000, 11_689_512},
		{"googlenet", arch.Input{Channels: 3, Height: 224, Width: 224}, 1000, 6_624_904},
		{"densenet121", arch.Input{Channels: 3, Height: 224, Width: 224}, 1000, 7_978_856},
	}
	for _, test := range tests {
		t.Run(fmt.Sprint(test.name, test.in), func(t *testing.T) {
			net, err := arch.Build(test.name, test.in, test.classes)
			require.NoError(t, err)
			size := 0
			for _, p := range net.Params() {
				if p.Grad != nil {
					size += len(p.Data)
				}
			}
			assert.Equal(t, test.size, size)
		})
	}
}

func TestUsualNetworksAreNames(t *testing.T) {
	assert.Equal(t, "resnet20", arch.Usual(arch.Input{Channels: 3, Height: 64, Width: 64}))
	assert.Equal(t, "resnet50", arch.Usual(arch.Input{Channels: 3, Height: 64, Width: 65}))
	assert.Subset(t, arch.Names(), []string{"resnet20", "resnet50"})
}

func TestBuildRefuses(t *testing.T) {
	_, err := arch.Build("resnet21", arch.Input{Channels: 1, Height: 28, Width: 28}, 10)
	require.ErrorIs(t, err, arch.ErrName)
	assert.ErrorContains(t, err, "resnet20, resnet32")
	_, err = arch.Build("alexnet", arch.Input{Channels: 3, Height: 28, Width: 28}, 10)
	assert.ErrorIs(t, err, nn.ErrShape)
}

func ExampleBuild() {
	net, err := arch.Build("resnet20", arch.Input{Channels: 1, Height: 28, Width: 28}, 10)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(net.Name(), net.Size())
	// Output: resnet20 269434
}
