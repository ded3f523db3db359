package desc

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/ops"
)

func TestInnerProduct(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		mb         int
		want       ops.InnerProductDesc
	}{
		{"a vector", "mb112ic2048oc1000", 0, ops.InnerProductDesc{N: 112, IC: 2048, OC: 1000}},
		{"an image, w from h", "ic256ih6oc4096", 0, ops.InnerProductDesc{N: 2, IC: 256 * 36, OC: 4096}},
		{"a volume, h and w from d", "ic8id5oc4", 0, ops.InnerProductDesc{N: 2, IC: 8 * 125, OC: 4}},
		{"a volume in full", "ic8id2ih3iw4oc4", 0, ops.InnerProductDesc{N: 2, IC: 8 * 24, OC: 4}},
		{"a row", "ic8iw5oc4", 0, ops.InnerProductDesc{N: 2, IC: 40, OC: 4}},
		{"another batch", "mb3ic8oc4", 16, ops.InnerProductDesc{N: 16, IC: 8, OC: 4}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, _, err := InnerProduct(tc.text, tc.mb)
			require.NoError(t, err)
			assert.Equal(t, tc.want, got)
		})
	}
	for _, tc := range []struct{ name, text, want string }{
		{"no channels", "mb2oc4", "channels"},
		{"a kernel", "ic3oc4kh3", `no field starts at "kh3"`},
		{"d and h without w", "ic3id2ih2oc4", "d alone, or all three"},
		{"more than an int", "ic2147483647id2147483647oc4", "does not fit"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, _, err := InnerProduct(tc.text, 0)
			require.ErrorContains(t, err, tc.want)
		})
	}
}

func TestBatchNorm(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		want       ops.BatchNormDesc
	}{
		{"an image", `mb96_ic192_ih71iw71_n"googlenet_v3"`, ops.BatchNormDesc{N: 96, C: 192, Spatial: 71 * 71, Eps: 1. / 16}},
		{"a vector, a small eps", "mb4ic3eps1e-5", ops.BatchNormDesc{N: 4, C: 3, Spatial: 1, Eps: 1e-5}},
		{"eps with a fraction, then more", "eps0.001mb4ic3id2", ops.BatchNormDesc{N: 4, C: 3, Spatial: 8, Eps: 0.001}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, _, err := BatchNorm(tc.text, 0)
			require.NoError(t, err)
			assert.Equal(t, tc.want, got)
		})
	}
	for _, tc := range []struct{ name, text, want string }{
		{"no channels", "mb2ih4", "ic is needed"},
		{"eps 0", "ic3eps0", "eps0: a positive number"},
		{"eps that is no number", "ic3eps1.2.3", "eps1.2.3: a positive number"},
		{"eps without one", "ic3eps", "eps: a positive number"},
		{"eps beyond float32", "ic3eps1e99", "eps1e99: a positive number"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, _, err := BatchNorm(tc.text, 0)
			require.ErrorContains(t, err, tc.want)
		})
	}
}

func TestDims(t *testing.T) {
	for _, tc := range []struct {
		name, text, problem string
		mb                  int
		want                []int
	}{
		{"one", "7", "", 0, []int{7}},
		{"five", "2x3x4x5x6", "", 0, []int{2, 3, 4, 5, 6}},
		{"a name", `256x1000n"mlp:fc"`, "mlp:fc", 0, []int{256, 1000}},
		{"a name after an underscore", "256x1000_n'x2'", "x2", 0, []int{256, 1000}},
		{"another batch", "256x1000", "", 8, []int{8, 1000}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, problem, err := Dims(tc.text, tc.mb)
			require.NoError(t, err)
			assert.Equal(t, tc.want, got)
			assert.Equal(t, tc.problem, problem)
		})
	}
	for _, tc := range []struct{ name, text string }{
		{"empty", ""},
		{"an x too many", "3x"},
		{"negative", "3x-4"},
		{"too large", "3x4294967296"},
		{"a descriptor with fields", "mb3ic4"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, _, err := Dims(tc.text, 0)
			require.ErrorContains(t, err, "is no size")
		})
	}
}
