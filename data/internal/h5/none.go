//go:build !cgo || nohdf5

package h5

// Available says whether this program was built with libhdf5.
const Available = false

// File cannot be opened in this build.
type File struct{}

// Dataset cannot be opened in this build.
type Dataset struct{}

// Version is that of the library the program runs with.
func Version() string { return "none" }

// FilterAvailable is always false in this build.
func FilterAvailable(int) bool { return false }

// Open returns ErrUnavailable.
func Open(string) (*File, error) { return nil, ErrUnavailable }

// Create returns ErrUnavailable.
func Create(string) (*File, error) { return nil, ErrUnavailable }

// Close returns ErrUnavailable.
func (*File) Close() error { return ErrUnavailable }

// Objects returns ErrUnavailable.
func (*File) Objects() ([]Object, error) { return nil, ErrUnavailable }

// Describe returns ErrUnavailable.
func (*File) Describe(string) (Description, error) { return Description{}, ErrUnavailable }

// Chunks returns ErrUnavailable.
func (*File) Chunks(string, []uint64, []uint64) ([]Chunk, error) { return nil, ErrUnavailable }

// OpenDataset returns ErrUnavailable.
func (*File) OpenDataset(string, []uint64, int, int) (*Dataset, error) { return nil, ErrUnavailable }

// CreateDataset returns ErrUnavailable.
func (*File) CreateDataset(string, Type, Storage) (*Dataset, error) {
	return nil, ErrUnavailable
}

// AttrNames returns ErrUnavailable.
func (*File) AttrNames(string) ([]string, error) { return nil, ErrUnavailable }

// Attr returns ErrUnavailable.
func (*File) Attr(string, string) (any, error) { return nil, ErrUnavailable }

// SetAttr returns ErrUnavailable.
func (*File) SetAttr(string, string, any) error { return ErrUnavailable }

// Read returns ErrUnavailable.
func (*Dataset) Read([]byte, int, int, Type) error { return ErrUnavailable }

// ReadRows returns ErrUnavailable.
func (*Dataset) ReadRows(int, int, func([]byte)) error { return ErrUnavailable }

// Append returns ErrUnavailable.
func (*Dataset) Append(Type, []byte, int) error { return ErrUnavailable }

// AppendStrings returns ErrUnavailable.
func (*Dataset) AppendStrings([]byte, []uint64) error { return ErrUnavailable }
