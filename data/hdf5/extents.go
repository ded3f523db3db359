package hdf5

import "github.com/cascade-hpc/cascade/data/source"

// extentBytes is what is worth a read of its own: on every kind of disk the time
// of a megabyte is more than that of finding it.
const extentBytes = 1 << 20

// Extents are whole chunks of the field whose rows are largest, as many as make
// about a mebibyte; or rows of a mebibyte where they are stored without filters.
func (s *Source) Extents() []source.Range {
	var cut []source.Range
	for i := range s.parts {
		p := &s.parts[i]
		for _, r := range source.Cut(p.end-p.first, p.extentRows()) {
			cut = append(cut, source.Range{From: p.first + r.From, To: p.first + r.To})
		}
	}
	return cut
}

func (p *part) extentRows() int {
	largest := p.sets[0]
	for _, d := range p.sets {
		if d.bytesPerRow() > largest.bytesPerRow() {
			largest = d
		}
	}
	rows := max(1, extentBytes/max(1, largest.bytesPerRow()))
	info := largest.info
	if info.Chunk == nil || len(info.Filters) == 0 && holdsWholeRows(info) {
		return rows
	}
	return max(1, rows/info.Chunk[0]) * info.Chunk[0]
}

// bytesPerRow is the length of a row; of strings, whose length only reading them
// tells, what the file has for each row.
func (d *Dataset) bytesPerRow() int {
	switch {
	case d.info.Kind != source.Bytes:
		return d.info.rowBytes()
	case d.variable:
		return int(d.file.handle.stat.Size()) / d.Rows()
	}
	return d.elementBytes
}

func holdsWholeRows(info Info) bool {
	for i, n := range info.Chunk[1:] {
		if n != info.Shape[i+1] {
			return false
		}
	}
	return true
}
