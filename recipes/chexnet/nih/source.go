package nih

import (
	"fmt"
	"os"

	"github.com/cascade-hpc/cascade/data/source"
)

// The fields of a [Source].
const (
	ImageField   = "image"   // the PNG file, source.Bytes
	LabelsField  = "labels"  // uint8 (14), in the order of Findings
	PatientField = "patient" // int64
	NameField    = "name"    // of the image's file, source.Bytes
)

// Source is images and what is said of them. It implements source.Source.
type Source struct{ entries []Entry }

// NewSource makes a source of the entries in their order. It opens each image when it is
// read.
func NewSource(entries []Entry) *Source { return &Source{entries} }

// Fields implements source.Source.
func (*Source) Fields() []source.Field {
	return []source.Field{
		{Name: ImageField, Kind: source.Bytes},
		{Name: LabelsField, Shape: []int{Count}, Kind: source.Uint8},
		{Name: PatientField, Kind: source.Int64},
		{Name: NameField, Kind: source.Bytes},
	}
}

// Rows implements source.Source.
func (s *Source) Rows() int { return len(s.entries) }

// Extents are few images, of half a megabyte each.
func (s *Source) Extents() []source.Range { return source.Cut(len(s.entries), 8) }

// Read implements source.Source.
func (s *Source) Read(dst *source.Columns, rows source.Range) error {
	if err := rows.Check(len(s.entries)); err != nil {
		return fmt.Errorf("nih: %w", err)
	}
	dst.Reset(s.Fields(), rows.Len())
	patients := make([]int64, 0, rows.Len())
	for i, e := range s.entries[rows.From:rows.To] {
		file, err := os.ReadFile(e.Path)
		if err != nil {
			return fmt.Errorf("nih: %w", err)
		}
		dst.Append(0, file)
		copy(dst.Row(1, i), e.Labels[:])
		patients = append(patients, e.Patient)
		dst.Append(3, []byte(e.Image))
	}
	copy(dst.All(2), source.BytesOf(patients))
	return nil
}

// Locate implements source.Source.
func (s *Source) Locate(field string, row int) string {
	return fmt.Sprintf("%s: %s", s.entries[row].Path, field)
}

// Close implements source.Source; no file stays open.
func (*Source) Close() error { return nil }
