package train_test

import (
	"testing"

	"github.com/cascade-hpc/cascade/internal/mpijob"
)

func TestMain(m *testing.M) {
	mpijob.Main(m, map[string]func() error{"train": trainUnderMPI})
}
