package main

import (
	"context"
	"math"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/recipes/chexnet/nih"
	"github.com/cascade-hpc/cascade/recipes/internal/ranks"
)

// TestPredictionsDoNotDependOnTheBatch: the last one is mostly padding.
func TestPredictionsDoNotDependOnTheBatch(t *testing.T) {
	path := filepath.Join(converted(t, made(t, 16, 64), 64), trainValFile)
	a, net := built(t, nih.Count, 3)
	src, err := openImages(path)
	require.NoError(t, err)
	defer src.Close()
	truth, err := readRegister(t.Context(), path)
	require.NoError(t, err)
	all, err := examiner{architecture: a, rank: ranks.Alone(), net: net, batch: src.Rows(), views: []view{wholeImage}}.examine(t.Context(), data.From(src), truth)
	require.NoError(t, err)
	few, err := examiner{architecture: a, rank: ranks.Alone(), net: net, batch: 7, views: []view{wholeImage}}.examine(t.Context(), data.From(src), truth)
	require.NoError(t, err)
	loss := 0.
	for i := range nih.Count {
		require.Len(t, all.scores[i], src.Rows())
		assert.InDeltaSlice(t, all.scores[i], few.scores[i], 1e-5)
		for row, p := range all.scores[i] {
			if truth.labels[row][i] == 0 {
				p = 1 - p
			}
			loss -= math.Log(p) / float64(nih.Count*src.Rows())
		}
	}
	assert.InDelta(t, loss, all.loss, 1e-9, "the cross entropy by its definition")
	assert.InDelta(t, all.loss, few.loss, 1e-5)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = examiner{architecture: a, rank: ranks.Alone(), net: net, batch: 7, views: []view{wholeImage}}.examine(ctx, data.From(src), truth)
	assert.ErrorIs(t, err, context.Canceled)
}

// TestTheLossHoldsForLogitsOfAnySize: far out, one minus a probability is 0 in float64.
func TestTheLossHoldsForLogitsOfAnySize(t *testing.T) {
	for _, test := range []struct {
		logit float32
		label uint8
		want  float64
	}{{0, 0, math.Ln2}, {0, 1, math.Ln2}, {80, 0, 80}, {-80, 1, 80}, {80, 1, 0}, {-80, 0, 0}} {
		p := predictions{register: register{labels: make([]nih.Labels, 1)}}
		p.labels[0][4] = test.label
		logits := make([]float32, nih.Count)
		for i := range p.scores {
			p.scores[i] = make([]float64, 1)
			logits[i] = -200
		}
		logits[4] = test.logit
		p.add(0, logits, 1)
		assert.InDelta(t, test.want, p.loss*nih.Count, 1e-12)
	}
}
