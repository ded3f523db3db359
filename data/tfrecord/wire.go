package tfrecord

import (
	"encoding/binary"
	"fmt"

	"github.com/cascade-hpc/cascade/data/source"
)

// wireType is how a value is written.
type wireType uint8

const (
	wireVarint  wireType = 0
	wireFixed64 wireType = 1
	wireBytes   wireType = 2
	wireFixed32 wireType = 5
)

// message is what is left of a protobuf message.
type message []byte

// item is a field of a message.
type item struct {
	number uint64 // of the field
	wire   wireType
	value  uint64 // of a varint
	bytes  []byte // of the others, as written
}

var errWire = fmt.Errorf("%w: it is no protobuf message", source.ErrCorrupt)

// next takes the next field off the message. Errors: source.ErrCorrupt.
func (m *message) next() (item, error) {
	tag, err := m.varint()
	if err != nil {
		return item{}, err
	}
	it := item{number: tag >> 3, wire: wireType(tag & 7)}
	switch it.wire {
	case wireVarint:
		it.value, err = m.varint()
		return it, err
	case wireFixed64:
		it.bytes, err = m.take(8)
	case wireFixed32:
		it.bytes, err = m.take(4)
	case wireBytes:
		var n uint64
		if n, err = m.varint(); err == nil {
			it.bytes, err = m.take(n)
		}
	default: // groups, which none of these messages ever had
		err = fmt.Errorf("%w: a field of wire type %d", errWire, it.wire)
	}
	if it.number == 0 && err == nil {
		err = fmt.Errorf("%w: a field of number 0", errWire)
	}
	return it, err
}

func (m *message) varint() (uint64, error) {
	v, n := binary.Uvarint(*m)
	if n <= 0 {
		return 0, fmt.Errorf("%w: a number is cut off or too large", errWire)
	}
	*m = (*m)[n:]
	return v, nil
}

func (m *message) take(n uint64) ([]byte, error) {
	if n > uint64(len(*m)) {
		return nil, fmt.Errorf("%w: a field of %d bytes where %d are left", errWire, n, len(*m))
	}
	b := (*m)[:n]
	*m = (*m)[n:]
	return b, nil
}
