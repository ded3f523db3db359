package source

// Source gives the rows of its fields. Read may be called by several goroutines
// at once; the other methods need no lock, since a source does not change.
type Source interface {
	// Fields lists the fields.
	Fields() []Field
	// Rows is the number of rows, the same for every field.
	Rows() int
	// Extents cuts all rows, in order and without gaps, into the runs that are
	// cheapest to read whole: chunks of a compressed file, or some megabytes of a
	// plain one. A shuffle moves whole extents before it mixes their rows.
	Extents() []Range
	// Read resets dst to the source's fields and fills it with rows. After an error
	// the contents of dst are undefined. Errors: ErrRange, ErrCorrupt and those of
	// the file system, which name the file, the data set and the rows.
	Read(dst *Columns, rows Range) error
	// Locate says where a row of a field is stored, for messages:
	// `a.h5: data set "ECAL", row 17`.
	Locate(field string, row int) string
	// Close releases what the source holds open.
	Close() error
}

// Parted is a Source of several files, of which each holds one of the ranges.
// They cover all rows in order.
type Parted interface {
	Parts() []Range
}

// Counter is a Source that counts what it reads. The counts are those since it
// was opened.
type Counter interface {
	Counts() Counts
}

// Counts is what reading has cost. Read and decode times are summed over the
// goroutines that read, so they may exceed the time that has passed.
type Counts struct {
	StoredBytes  int64 // read from files, as stored
	DecodedBytes int64 // what became of them
	ReadNanos    int64 // waiting for files
	DecodeNanos  int64 // inflating, checking, swapping bytes
}

// Add returns the sums of two counts.
func (c Counts) Add(d Counts) Counts {
	c.StoredBytes += d.StoredBytes
	c.DecodedBytes += d.DecodedBytes
	c.ReadNanos += d.ReadNanos
	c.DecodeNanos += d.DecodeNanos
	return c
}
