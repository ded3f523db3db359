package avx2_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// vectorInstructions are those that the kernels may use: of AVX, AVX2 and FMA3.
var vectorInstructions = map[string]bool{
	"VADDPS": true, "VBROADCASTSS": true, "VEXTRACTF128": true, "VFMADD231PS": true,
	"VMASKMOVPS": true, "VMOVQ": true, "VMOVUPS": true, "VPERM2F128": true, "VPMOVSXBD": true,
	"VADDPD": true, "VANDPS": true, "VBLENDVPS": true, "VBROADCASTSD": true, "VCMPPS": true,
	"VCVTPD2PSY": true, "VCVTPS2PD": true, "VDIVPD": true, "VINSERTF128": true, "VMAXPS": true,
	"VMOVAPS": true, "VMOVD": true, "VMOVUPD": true, "VMULPD": true, "VMULPS": true,
	"VPADDD": true, "VPBROADCASTD": true, "VPCMPEQD": true, "VSUBPD": true, "VSUBPS": true,
	"VUNPCKHPD": true, "VUNPCKHPS": true, "VUNPCKLPD": true, "VUNPCKLPS": true,
	"VXORPS": true, "VZEROUPPER": true,
}

// registersAVX512 are those that only AVX-512 has: vectors of 512 bits, masks, and
// the upper half of the vectors of any size.
var registersAVX512 = regexp.MustCompile(`\b(Z\d+|K[0-7]|[XY](1[6-9]|2\d|3[01]))\b`)

// A processor without AVX-512 stops the program at an instruction that it does not
// know, and the assembler takes any. Tests on a machine that has AVX-512 would not
// notice.
func TestNothingOfAVX512(t *testing.T) {
	files, err := filepath.Glob("*.s")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, name := range files {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		for i, line := range strings.Split(string(text), "\n") {
			if !strings.HasPrefix(line, "\t") {
				continue
			}
			assert.NotRegexp(t, registersAVX512, line, "%s:%d", name, i+1)
			if op := strings.Fields(line)[0]; op[0] == 'V' {
				assert.True(t, vectorInstructions[op], "%s:%d: %s", name, i+1, line)
			}
		}
	}
}
