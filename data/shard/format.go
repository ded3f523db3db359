package shard

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"github.com/cascade-hpc/cascade/data/source"
)

// Magic is how every shard begins. Its bytes are chosen as PNG's are: a transfer
// that strips the eighth bit or changes line ends is noticed.
const Magic = "\x89CSH\r\n\x1a\n"

const (
	endMagic = "\x89END\r\n\x1a\n"
	version  = 1
	headSize = 16
	endSize  = 48
	// align is a cache line, and divides what direct I/O asks for.
	align = 64
	// maxSection bounds what one section may take in memory.
	maxSection = 1 << 30
	// maxDescription is far more than the names of any table take.
	maxDescription = 16 << 20
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func checksum(b []byte) uint32 { return crc32.Checksum(b, castagnoli) }

// aligned is the next multiple of align.
func aligned(at int64) int64 { return (at + align - 1) &^ (align - 1) }

func encodeHead() []byte {
	b := binary.LittleEndian.AppendUint32([]byte(Magic), version)
	return binary.LittleEndian.AppendUint32(b, checksum(b))
}

// checkHead checks the first headSize bytes.
func checkHead(b []byte) error {
	if string(b[:8]) != Magic {
		return fmt.Errorf("%w: it begins with %q, a shard with %q", source.ErrFormat, b[:8], Magic)
	}
	if got := binary.LittleEndian.Uint32(b[12:]); got != checksum(b[:12]) {
		return fmt.Errorf("%w: the head has checksum %08x, its bytes %08x", source.ErrCorrupt, got, checksum(b[:12]))
	}
	if v := binary.LittleEndian.Uint32(b[8:]); v != version {
		return fmt.Errorf("%w: version %d of the format; this program knows version %d", source.ErrFormat, v, version)
	}
	return nil
}

// end is the last record of a shard, which says where the description is.
type end struct {
	description    int64 // offset, D
	length, blocks int64 // bytes of the description, records of the table
	descriptionSum uint32
	tableSum       uint32
}

func (e end) encode() []byte {
	var b []byte
	for _, n := range []int64{e.description, e.length, e.blocks} {
		b = binary.LittleEndian.AppendUint64(b, uint64(n))
	}
	b = binary.LittleEndian.AppendUint32(b, e.descriptionSum)
	b = binary.LittleEndian.AppendUint32(b, e.tableSum)
	b = binary.LittleEndian.AppendUint32(b, checksum(b))
	b = binary.LittleEndian.AppendUint32(b, 0)
	return append(b, endMagic...)
}

// decodeEnd reads the last endSize bytes of a file of size bytes.
func decodeEnd(b []byte, size int64) (end, error) {
	if string(b[40:]) != endMagic || binary.LittleEndian.Uint32(b[36:]) != 0 {
		return end{}, fmt.Errorf("%w: it has no end: it is truncated, or its writer never finished it", source.ErrCorrupt)
	}
	if got := binary.LittleEndian.Uint32(b[32:]); got != checksum(b[:32]) {
		return end{}, fmt.Errorf("%w: the end has checksum %08x, its bytes %08x", source.ErrCorrupt, got, checksum(b[:32]))
	}
	e := end{
		description:    int64(binary.LittleEndian.Uint64(b)),
		length:         int64(binary.LittleEndian.Uint64(b[8:])),
		blocks:         int64(binary.LittleEndian.Uint64(b[16:])),
		descriptionSum: binary.LittleEndian.Uint32(b[24:]),
		tableSum:       binary.LittleEndian.Uint32(b[28:]),
	}
	last := size - endSize
	if e.description < headSize || e.description > last || e.length < 0 || e.length > min(last-e.description, maxDescription) {
		return end{}, fmt.Errorf("%w: a description of %d bytes at byte %d of a file of %d", source.ErrCorrupt, e.length, e.description, size)
	}
	return e, nil
}
