package compile

import (
	"fmt"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// memory is where everything lies.
type memory struct {
	arena   *ops.Arena // tensors, and behind them scratch memory
	total   int        // float32 of all tensors, if each had its own place
	scratch []float32
	buffers map[ir.Value]*buffer // by the value that owns the memory
}

// pages tells what kind of pages the memory is in. They come into being when the
// program first runs.
func (m *memory) pages() string {
	if m.arena == nil || !m.arena.Huge() {
		return "no huge pages"
	}
	given, err := m.arena.HugeBytes()
	if err != nil {
		return "huge pages asked for"
	}
	return fmt.Sprintf("huge pages asked for, %.1f MB of them given by now", float64(given)/1e6)
}
