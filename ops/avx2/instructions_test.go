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
	"VADDPD": true, "VADDPS": true, "VANDNPD": true, "VANDNPS": true, "VANDPD": true, "VANDPS": true,
	"VBLENDPS": true, "VBLENDVPD": true, "VBLENDVPS": true, "VBROADCASTSD": true,
	"VBROADCASTSS": true, "VCMPPD": true, "VCMPPS": true, "VCVTPD2PSY": true, "VCVTPS2DQ": true,
	"VCVTPS2PD": true, "VCVTSD2SS": true, "VDIVPD": true, "VDIVPS": true, "VEXTRACTF128": true,
	"VFMADD213PS": true, "VFMADD231PS": true, "VFMSUB213PS": true, "VFMSUB231PS": true, "VFNMADD213PS": true,
	"VFNMADD231PS": true, "VGATHERDPS": true, "VINSERTF128": true, "VMASKMOVPS": true, "VMAXPD": true,
	"VMAXPS": true, "VMINPS": true, "VMOVAPS": true, "VMOVD": true, "VMOVQ": true, "VMOVSHDUP": true,
	"VMOVSLDUP": true, "VMOVUPD": true, "VMOVUPS": true, "VMULPD": true, "VMULPS": true,
	"VORPS": true, "VPADDD": true, "VPBROADCASTD": true, "VPBROADCASTQ": true, "VPCMPEQD": true,
	"VPCMPGTD": true, "VPERM2F128": true, "VPERMPS": true, "VPMAXUD": true, "VPMOVSXBD": true,
	"VPMULUDQ": true, "VPSLLD": true, "VPSRAD": true, "VPSUBD": true, "VPUNPCKHQDQ": true,
	"VPUNPCKLQDQ": true, "VROUNDPS": true, "VSQRTPS": true, "VSUBPD": true, "VSUBPS": true,
	"VUNPCKHPD": true, "VUNPCKHPS": true, "VUNPCKLPD": true, "VUNPCKLPS": true, "VXORPS": true,
	"VZEROUPPER": true,
}

// registersAVX512 are those that only AVX-512 has: vectors of 512 bits, masks, and
// the upper half of the vectors of any size.
var registersAVX512 = regexp.MustCompile(`\b(Z\d+|K[0-7]|[XY](1[6-9]|2\d|3[01]))\b`)

// fromGeneral is what only AVX-512 does: to fill a vector from a general register.
var fromGeneral = regexp.MustCompile(`VPBROADCAST[DQ]\s+([A-Z][A-Z]|R\d+),`)

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
			assert.NotRegexp(t, fromGeneral, line, "%s:%d", name, i+1)
			if op := strings.Fields(line)[0]; op[0] == 'V' {
				assert.True(t, vectorInstructions[op], "%s:%d: %s", name, i+1, line)
			}
		}
	}
}
