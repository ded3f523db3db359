package data

import "fmt"

// Column is a field with its rows, one after the other.
type Column struct {
	Field
	Data []float32
}

// Memory makes a source of columns that are in memory; it keeps the slices. All
// columns must have the same number of rows, at least one.
func Memory(columns ...Column) (Source, error) {
	m := &memory{columns: columns}
	for _, c := range columns {
		m.fields = append(m.fields, c.Field)
	}
	if err := checkFields(m.fields); err != nil {
		return nil, err
	}
	for i, c := range columns {
		size := c.Size()
		if len(c.Data) == 0 || len(c.Data)%size != 0 {
			return nil, fmt.Errorf("data: field %q: %w: %d elements are not a number of rows %v of %d", c.Name, ErrShape, len(c.Data), c.Shape, size)
		}
		if i == 0 {
			m.rows = len(c.Data) / size
		}
		if n := len(c.Data) / size; n != m.rows {
			return nil, fmt.Errorf("data: %w: field %q has %d rows and %q has %d", ErrShape, columns[0].Name, m.rows, c.Name, n)
		}
	}
	return m, nil
}

type memory struct {
	columns []Column
	fields  []Field
	rows    int
}

func (m *memory) Rows() int       { return m.rows }
func (m *memory) Fields() []Field { return m.fields }
func (m *memory) Close() error    { return nil }

func (m *memory) ReadRows(field string, dst []float32, first, count int) error {
	for _, c := range m.columns {
		if c.Name != field {
			continue
		}
		size := c.Size()
		if err := checkRead(m.rows, size, len(dst), first, count); err != nil {
			return fmt.Errorf("data: field %q, rows [%d, %d+%d): %w", field, first, first, count, err)
		}
		copy(dst, c.Data[first*size:])
		return nil
	}
	_, err := findField(m.fields, field)
	return err
}
