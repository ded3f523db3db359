package safetensors

import (
	"encoding/binary"
	"fmt"
	"io"
	"math/bits"
	"slices"
)

// Info says what a tensor is and where its bytes are.
type Info struct {
	Name  string
	DType DType
	Shape []int // [] is a scalar; an extent may be 0

	begin, end int64 // bytes from the start of the data
}

// Len is the number of elements.
func (i Info) Len() int { return int(i.bytes() / sizes[i.DType]) }

func (i Info) bytes() int64 { return i.end - i.begin }

func (i Info) String() string { return i.Name + " " + i.kind() }

// kind is what messages say of a tensor they have named: "F32 [2 3]".
func (i Info) kind() string { return fmt.Sprintf("%s %v", i.DType, i.Shape) }

// Tensor is a named array to be written. It holds on to the caller's slice,
// whose elements are read when the file is written.
type Tensor struct {
	Info
	length int
	encode func(w io.Writer, buffer []byte) error
}

// Of names an array of row-major elements. Mistakes in it are reported when it
// is written.
func Of[T Element](name string, shape []int, data []T) Tensor {
	return Tensor{
		Info:   Info{Name: name, DType: dtypeOf[T](), Shape: slices.Clone(shape)},
		length: len(data),
		encode: func(w io.Writer, buffer []byte) error { return encode(w, buffer, data) },
	}
}

// chunk is the size of the buffer through which elements pass, in bytes: small
// beside any tensor that matters, and at home in the second-level cache.
const chunk = 1 << 16

// encode writes data as little-endian bytes, by way of buffer.
func encode[T Element](w io.Writer, buffer []byte, data []T) error {
	for part := range slices.Chunk(data, chunk/8) {
		b, err := binary.Append(buffer[:0], binary.LittleEndian, part)
		if err != nil {
			return err
		}
		if _, err := w.Write(b); err != nil {
			return err
		}
	}
	return nil
}

// decode fills data from the little-endian bytes that r gives.
func decode[T Element](r io.Reader, data []T) error {
	buffer := make([]byte, min(int64(chunk), int64(len(data))*sizes[dtypeOf[T]()]))
	for part := range slices.Chunk(data, chunk/8) {
		b := buffer[:binary.Size(part)]
		if _, err := io.ReadFull(r, b); err != nil {
			return err
		}
		if _, err := binary.Decode(b, binary.LittleEndian, part); err != nil {
			return err
		}
	}
	return nil
}

// bytesOf is the size of a tensor; it is not ok if that has no meaning or no
// number.
func bytesOf(shape []int, element int64) (size int64, ok bool) {
	product := uint64(element)
	for _, n := range shape {
		if n < 0 {
			return 0, false
		}
		high, low := bits.Mul64(product, uint64(n))
		if high != 0 || low > 1<<62 {
			return 0, false
		}
		product = low
	}
	return int64(product), true
}
