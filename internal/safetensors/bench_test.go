package safetensors

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

const benchFloats = 4 << 20

func BenchmarkWrite(b *testing.B) {
	t := Of("w", []int{benchFloats}, make([]float32, benchFloats))
	for b.Loop() {
		require.NoError(b, Write(discard{}, nil, t))
	}
	b.ReportMetric(4*benchFloats*float64(b.N)/b.Elapsed().Seconds()/1e9, "GB/s")
}

func BenchmarkRead(b *testing.B) {
	file := written(b, nil, Of("w", []int{benchFloats}, make([]float32, benchFloats)))
	f, err := NewFile("memory", bytes.NewReader(file), int64(len(file)))
	require.NoError(b, err)
	dst := make([]float32, benchFloats)
	for b.Loop() {
		require.NoError(b, Read(f, "w", dst))
	}
	b.ReportMetric(4*benchFloats*float64(b.N)/b.Elapsed().Seconds()/1e9, "GB/s")
}
