package tfrecord

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"github.com/cascade-hpc/cascade/data/internal/rawfile"
	"github.com/cascade-hpc/cascade/data/source"
)

const (
	headBytes  = 12 // length and its checksum
	frameBytes = headBytes + 4
	// windowBytes are read at once in search of lengths: a page, which a disk reads
	// in any case.
	windowBytes = 4096
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// masked is the checksum that TensorFlow stores.
func masked(b []byte) uint32 {
	c := crc32.Checksum(b, castagnoli)
	return (c>>15 | c<<17) + 0xa282ead8
}

// length checks the head of a record and returns the length of its data. Errors:
// source.ErrCorrupt.
func length(head []byte) (uint64, error) {
	if stored, computed := binary.LittleEndian.Uint32(head[8:]), masked(head[:8]); stored != computed {
		return 0, fmt.Errorf("%w: the checksum of its length is %#08x, and that of what is there %#08x", source.ErrCorrupt, stored, computed)
	}
	return binary.LittleEndian.Uint64(head), nil
}

// payload checks a whole record and returns its data. Errors: source.ErrCorrupt.
func payload(frame []byte) ([]byte, error) {
	n, err := length(frame)
	if err != nil {
		return nil, err
	}
	if n != uint64(len(frame)-frameBytes) {
		return nil, fmt.Errorf("%w: its length is %d, and was %d when the file was opened", source.ErrCorrupt, n, len(frame)-frameBytes)
	}
	data := frame[headBytes : headBytes+n]
	if stored, computed := binary.LittleEndian.Uint32(frame[headBytes+n:]), masked(data); stored != computed {
		return nil, fmt.Errorf("%w: the checksum of its data is %#08x, and that of what is there %#08x", source.ErrCorrupt, stored, computed)
	}
	return data, nil
}

// index finds where each record begins, and where the last one ends. Errors:
// source.ErrCorrupt, source.ErrFormat if not even the first record is one.
func index(f *rawfile.File) ([]int64, error) {
	offsets := []int64{0}
	window := window{file: f}
	for at := int64(0); at < f.Size(); {
		head, err := window.at(at)
		if err != nil {
			return nil, fmt.Errorf("record %d: %w", len(offsets)-1, err)
		}
		n, err := length(head)
		if err != nil && at == 0 {
			return nil, fmt.Errorf("%s: %w: its first record is none%s: %w", f.Path(), source.ErrFormat, zlibHint(head), err)
		}
		if left := f.Size() - at - frameBytes; err == nil && (left < 0 || n > uint64(left)) {
			err = fmt.Errorf("%w: it would have %d bytes of data, and the file ends after %d", source.ErrCorrupt, n, max(0, f.Size()-at-headBytes))
		}
		if err != nil {
			return nil, fmt.Errorf("%s: record %d, at byte %d: %w", f.Path(), len(offsets)-1, at, err)
		}
		at += frameBytes + int64(n)
		offsets = append(offsets, at)
	}
	return offsets, nil
}

// zlibHint says what TensorFlow's option ZLIB makes of a file.
func zlibHint(head []byte) string {
	if head[0]&0x0f == 8 && binary.BigEndian.Uint16(head)%31 == 0 {
		return " (is the file compressed with zlib? It must be written with gzip, or without)"
	}
	return ""
}

// window is a few bytes of a file, read together.
type window struct {
	file  *rawfile.File
	begin int64
	bytes []byte
}

// at is the head of the record that begins at a place.
func (w *window) at(place int64) ([]byte, error) {
	if skip := place - w.begin; skip >= 0 && skip+headBytes <= int64(len(w.bytes)) {
		return w.bytes[skip : skip+headBytes], nil
	}
	if w.bytes == nil {
		w.bytes = make([]byte, windowBytes)
	}
	w.begin = place
	w.bytes = w.bytes[:min(windowBytes, max(headBytes, w.file.Size()-place))]
	return w.bytes[:headBytes], w.file.ReadAt(w.bytes, place)
}
