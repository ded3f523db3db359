package source

import "fmt"

// Column is a field of float32 with its rows, one after the other.
type Column struct {
	Name  string
	Shape []int // of one row
	Data  []float32
}

func (c Column) field() Field { return Field{Name: c.Name, Shape: c.Shape} }

// Memory makes a source of columns that are in memory; it keeps the slices. All
// columns must have the same number of rows, at least one. Errors: ErrShape.
func Memory(columns ...Column) (Source, error) {
	m := &memory{columns: columns}
	for _, c := range columns {
		m.fields = append(m.fields, c.field())
	}
	if err := CheckFields(m.fields); err != nil {
		return nil, fmt.Errorf("source: Memory: %w", err)
	}
	for i, c := range columns {
		size := m.fields[i].Size()
		if len(c.Data) == 0 || len(c.Data)%size != 0 {
			return nil, fmt.Errorf("source: Memory: field %q: %w: %d elements are not a number of rows %s of %d", c.Name, ErrShape, len(c.Data), Tuple(c.Shape), size)
		}
		if i == 0 {
			m.rows = len(c.Data) / size
		}
		if n := len(c.Data) / size; n != m.rows {
			return nil, fmt.Errorf("source: Memory: %w: field %q has %d rows and %q has %d", ErrShape, columns[0].Name, m.rows, c.Name, n)
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

// Extents are short: nothing is gained by reading many neighbours together.
func (m *memory) Extents() []Range {
	const bytes = 64 << 10
	row := 0
	for _, f := range m.fields {
		row += f.RowBytes()
	}
	return Cut(m.rows, max(1, bytes/row))
}

func (m *memory) Locate(field string, row int) string {
	return fmt.Sprintf("memory: field %q, row %d", field, row)
}

func (m *memory) Read(dst *Columns, rows Range) error {
	if err := rows.Check(m.rows); err != nil {
		return fmt.Errorf("source: Memory: %w", err)
	}
	dst.Reset(m.fields, rows.Len())
	for i, c := range m.columns {
		size := m.fields[i].Size()
		copy(dst.All(i), BytesOf(c.Data[rows.From*size:rows.To*size]))
	}
	return nil
}
