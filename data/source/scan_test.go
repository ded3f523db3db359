package source

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestScanVisitsAllRowsInOrder(t *testing.T) {
	var seen []byte
	require.NoError(t, Scan(t.Context(), words{}, func(rows Range, c *Columns) error {
		assert.Equal(t, rows.Len(), c.Rows())
		seen = append(seen, c.All(1)...)
		return nil
	}))
	assert.Equal(t, []byte{0, 1, 2, 3}, seen)
}

func TestScanEndsAtAnError(t *testing.T) {
	enough := errors.New("enough")
	assert.ErrorIs(t, Scan(t.Context(), words{}, func(Range, *Columns) error { return enough }), enough)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.ErrorIs(t, Scan(ctx, words{}, func(Range, *Columns) error { return nil }), context.Canceled)
}
