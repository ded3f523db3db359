package philox_test

import (
	"fmt"

	"github.com/cascade-hpc/cascade/internal/philox"
)

func Example() {
	s := philox.NewStream(42, 0)
	first := s.Uint32()
	for range 100 {
		s.Uint32()
	}
	s = s.At(0)
	fmt.Println(s.Uint32() == first)
	// Output: true
}
