package workload

import (
	"fmt"

	"github.com/cascade-hpc/cascade/internal/philox"
	"github.com/cascade-hpc/cascade/nn"
)

// seed is that of the first weights and of the noise.
const seed = 1

// compile compiles a net, with noise in its inputs. Labels, as they are called, are
// numbers of one of so many classes instead, and what is compared in percent is positive.
func compile(net *nn.Net, classes int, options ...nn.Option) (*nn.Program, error) {
	p, err := nn.Compile(net, options...)
	if err != nil {
		return nil, err
	}
	r := philox.NewStream(seed, 0)
	for _, in := range p.Inputs() {
		data, err := p.Input(in.Name)
		if err != nil {
			p.Close()
			return nil, fmt.Errorf("input %q: %w", in.Name, err)
		}
		for i := range data {
			switch in.Name {
			case "label":
				data[i] = float32(i % classes)
			case "energy", "target":
				data[i] = 0.1 + r.Float32()
			default:
				data[i] = float32(r.Normal())
			}
		}
	}
	return p, nil
}
