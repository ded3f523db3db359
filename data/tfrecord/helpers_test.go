package tfrecord

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// The writers of protobuf and of records that tests need; files written by protoc
// are in testdata.

func field(number int, wire wireType) []byte {
	return binary.AppendUvarint(nil, uint64(number)<<3|uint64(wire))
}

// nested is a field that holds bytes.
func nested(number int, parts ...[]byte) []byte {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	b := binary.AppendUvarint(field(number, wireBytes), uint64(n))
	for _, p := range parts {
		b = append(b, p...)
	}
	return b
}

func strs(values ...string) []byte {
	var b []byte
	for _, v := range values {
		b = append(b, nested(listValue, []byte(v))...)
	}
	return nested(int(bytesList), b)
}

func floats(values ...float32) []byte {
	var b []byte
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return nested(int(floatList), nested(listValue, b))
}

func int64s(values ...int64) []byte {
	var b []byte
	for _, v := range values {
		b = binary.AppendUvarint(b, uint64(v))
	}
	return nested(int(int64List), nested(listValue, b))
}

func entry(name string, feature []byte) []byte {
	return nested(featuresEntry, nested(entryKey, []byte(name)), nested(entryFeature, feature))
}

func example(entries ...[]byte) []byte { return nested(exampleFeatures, entries...) }

func frame(data []byte) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(data)))
	b = binary.LittleEndian.AppendUint32(b, masked(b))
	b = append(b, data...)
	return binary.LittleEndian.AppendUint32(b, masked(data))
}

// write writes a file of records.
func write(t testing.TB, records ...[]byte) string {
	t.Helper()
	var b []byte
	for _, r := range records {
		b = append(b, frame(r)...)
	}
	return writeBytes(t, b)
}

func writeBytes(t testing.TB, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.tfrecord")
	require.NoError(t, os.WriteFile(path, b, 0o644))
	return path
}
