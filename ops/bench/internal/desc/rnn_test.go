package desc

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/ops"
)

func TestRNN(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		instead    RNNSizes
		want       ops.RNNDesc
	}{
		{"sic alone", "sic16", RNNSizes{}, ops.RNNDesc{T: 1, N: 2, IC: 16, HC: 16, Bias: true}},
		{"all of it", `l1t35mb64_sic512_slc128_dhc512_dic512_n"lm"`, RNNSizes{}, ops.RNNDesc{T: 35, N: 64, IC: 128, HC: 512, Bias: true}},
		{"other sizes", "l3t5mb7sic16slc32", RNNSizes{1, 9, 11}, ops.RNNDesc{T: 9, N: 11, IC: 32, HC: 16, Bias: true}},
		{"no samples", "mb0sic3", RNNSizes{}, ops.RNNDesc{T: 1, N: 0, IC: 3, HC: 3, Bias: true}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, _, err := RNN(tc.text, tc.instead)
			require.NoError(t, err)
			assert.Equal(t, tc.want, got)
		})
	}
	for _, tc := range []struct {
		name, text, want string
		unimplemented    bool
	}{
		{"no sic", "t3slc4dhc4", "sic is needed", false},
		{"no steps", "t0sic4", "l1 t0 slc4 dhc4: each must be at least 1", false},
		{"no layers", "l0sic4", "l0 t1", false},
		{"another primitive's field", "sic4ic3", `no field starts at "ic3"`, false},
		{"a stack", "l2t1sic4", "2 layers: a primitive is one", true},
		{"another state before", "sic2048slc1024dhc1024", "states of 2048 before and 1024 after, where a layer of 1024", true},
		{"a projection", "sic8dhc16dic8", "states of 8 before and 8 after, where a layer of 16", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, _, err := RNN(tc.text, RNNSizes{})
			require.ErrorContains(t, err, tc.want)
			if tc.unimplemented {
				assert.ErrorIs(t, err, ErrUnimplemented)
			} else {
				assert.NotErrorIs(t, err, ErrUnimplemented)
			}
		})
	}
	_, name, err := RNN(`l2sic4n"stack"`, RNNSizes{})
	require.ErrorIs(t, err, ErrUnimplemented)
	assert.Equal(t, "stack", name, "what is unimplemented has a name too")
}

func TestLRN(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		kind       ops.LRNKind
		want       ops.LRNDesc
	}{
		{"an image, all else by default", `mb256ic96_ih55n"alexnet:norm1"`, ops.AcrossChannels, ops.LRNDesc{N: 256, C: 96, In: [3]int{1, 55, 55}, Size: 5, Alpha: 1. / 8192, Beta: 0.75, K: 1}},
		{"numbers", "ic3ih4iw5ls3_alpha0.5_beta1e-1_k2", ops.WithinChannel, ops.LRNDesc{Kind: ops.WithinChannel, N: 2, C: 3, In: [3]int{1, 4, 5}, Size: 3, Alpha: 0.5, Beta: 0.1, K: 2}},
		{"a volume", "ic3id4", ops.WithinChannel, ops.LRNDesc{Kind: ops.WithinChannel, Volume: true, N: 2, C: 3, In: [3]int{4, 4, 4}, Size: 5, Alpha: 1. / 8192, Beta: 0.75, K: 1}},
		{"a vector", "ic3", ops.AcrossChannels, ops.LRNDesc{N: 2, C: 3, In: [3]int{1, 1, 1}, Size: 5, Alpha: 1. / 8192, Beta: 0.75, K: 1}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, _, err := LRN(tc.text, tc.kind, 0)
			require.NoError(t, err)
			assert.Equal(t, tc.want, got)
		})
	}
	for _, tc := range []struct{ name, text, want string }{
		{"no channels", "ih5", "0 channels"},
		{"a window of 0", "ic3ls0", "window of size 0"},
		{"a power that is none", "ic3beta", "beta: a positive number"},
		{"d and h without w", "ic3id2ih2", "d alone, or all three"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, _, err := LRN(tc.text, ops.AcrossChannels, 0)
			require.ErrorContains(t, err, tc.want)
		})
	}
}
