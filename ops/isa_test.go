package ops

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestISANames(t *testing.T) {
	assert.Equal(t, "generic", Generic.String())
	assert.Equal(t, "avx2", AVX2.String())
	assert.Equal(t, "avx512", AVX512.String())
	assert.Equal(t, "ISA(9)", ISA(9).String())
}

func TestStartISA(t *testing.T) {
	best := detectISA()
	for _, tc := range []struct {
		name, env string
		want      ISA
	}{
		{"unset", "", best},
		{"lowered to portable Go", "generic", Generic},
		{"avx2, or less", "avx2", min(best, AVX2)},
		{"never raised", "avx512", best},
	} {
		t.Run(tc.name, func(t *testing.T) { assert.Equal(t, tc.want, startISA(tc.env)) })
	}
	if !haveAssembly {
		assert.Equal(t, Generic, best, "a build without assembly has portable kernels only")
	}
}

func TestLowerISA(t *testing.T) {
	before := CurrentISA()
	restore := LowerISA(Generic)
	assert.Equal(t, Generic, CurrentISA())
	inner := LowerISA(AVX512)
	assert.Equal(t, Generic, CurrentISA(), "it is never raised")
	inner()
	assert.Equal(t, Generic, CurrentISA())
	restore()
	assert.Equal(t, before, CurrentISA())
}
