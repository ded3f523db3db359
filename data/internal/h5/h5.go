package h5

import "errors"

// ErrUnavailable is what every call returns in a build without libhdf5.
var ErrUnavailable = errors.New("this program was built without HDF5: " +
	"install libhdf5 (Debian: apt-get install libhdf5-dev gcc) and build with CGO_ENABLED=1 and without the tag nohdf5")

// ErrTooManyObjects says that a file has more names, or deeper groups, than any
// file of data tables. Hard links may form cycles.
var ErrTooManyObjects = errors.New("more than 10000 names or 16 levels of groups")

// ErrNoAttr says that an object has no attribute of the name asked for.
var ErrNoAttr = errors.New("no such attribute")

// Error is a failure reported by libhdf5 or by the checks of the shim.
type Error struct {
	Text string // messages from the outermost call to the innermost
}

func (e *Error) Error() string { return "libhdf5: " + e.Text }

// Link is how a name in a group refers to its object (H5L_type_t).
type Link int

// The kinds of link.
const (
	HardLink     Link = 0
	SoftLink     Link = 1
	ExternalLink Link = 64 // other values are user-defined links
)

// Object is one name in a file.
type Object struct {
	Path    string // without a leading slash
	Link    Link
	Dataset bool // a hard link to a data set
	// Of a hard link: where the object is, the same for all its names, and how many
	// of these it says it has.
	Address uint64
	Links   int
}

// Class is the class of an element type (H5T_class_t).
type Class int

// The classes, with libhdf5's numbers.
const (
	Integer   Class = 0
	Float     Class = 1
	Time      Class = 2
	String    Class = 3
	Bitfield  Class = 4
	Opaque    Class = 5
	Compound  Class = 6
	Reference Class = 7
	Enum      Class = 8
	VarLen    Class = 9
	Array     Class = 10
)

// Space says whether a data set has a shape (H5S_class_t).
type Space int

// The kinds of data space.
const (
	Scalar Space = 0
	Simple Space = 1
	Null   Space = 2
)

// Layout is where the elements are stored (H5D_layout_t).
type Layout int

// The layouts.
const (
	Compact    Layout = 0
	Contiguous Layout = 1
	Chunked    Layout = 2
	Virtual    Layout = 3
)

// Type is an element type. For an Enum, the numbers are those of its integer
// base.
type Type struct {
	Class     Class
	Size      int // bytes
	BigEndian bool
	Mixed     bool // neither little nor big endian
	Signed    bool
	Exponent  int // bits, of a Float
	Mantissa  int // bits, of a Float
	// Plain says of a number that all its bits count, as IEEE 754 or two's
	// complement has it, so that its bytes may be read as they are stored.
	Plain    bool
	Variable bool     // a String of any length
	Dims     []int    // of an Array
	Parts    []Member // of a Compound; the one that an Array or VarLen has many of
}

// Member is a part of a type.
type Member struct {
	Name string // of a member of a Compound
	Type Type
}

// Filter is one stage of a chunk's pipeline.
type Filter struct {
	ID     int
	Name   string   // as stored in the file; may be empty
	Params []uint32 // cd_values; the first 32 if there are more
}

// Addresses that are none.
const (
	NoAddress = ^uint64(0)    // of what was never written
	Lost      = NoAddress - 1 // of a chunk whose place the damaged index does not tell
)

// Description is everything that is known of a data set before it is read. When
// External or a Virtual layout is set, Space, Dims, Stored and Offset are not
// filled: to ask for them would open other files.
type Description struct {
	Type     Type
	Layout   Layout
	External bool // elements are in other files
	Space    Space
	Dims     []uint64
	Chunk    []uint64
	Filters  []Filter
	// RawEdges says that the filters were not applied to chunks that reach beyond
	// the shape.
	RawEdges bool
	Fill     [8]byte // what elements hold that were never written, as the file would store it
	Stored   uint64  // bytes allocated in the file
	Offset   uint64  // of the elements of a Contiguous layout, from the start of the file, or NoAddress
}

// Chunk is where a chunk is stored.
type Chunk struct {
	Address uint64 // from the start of the file, or NoAddress or Lost
	Size    uint32 // bytes as stored
	Mask    uint32 // bit i: filter i was not applied
}

// Storage is how a data set that is written is stored.
type Storage struct {
	Chunk      []uint64 // its shape: some rows, whole
	Gzip       int      // level, 0 for none
	Shuffle    bool     // bytes of the same weight side by side, before gzip
	Fletcher32 bool     // a checksum for each chunk
}

func (c Class) String() string {
	names := [...]string{
		"integer", "float", "time", "string", "bit field", "opaque",
		"compound", "reference", "enumeration", "variable-length", "array",
	}
	if c < 0 || int(c) >= len(names) {
		return "unknown"
	}
	return names[c]
}
