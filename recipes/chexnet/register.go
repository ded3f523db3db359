package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/recipes/chexnet/nih"
)

// openImages opens the files that a name or pattern stands for as one source, and checks
// that they have the layout of convert.
func openImages(pattern string) (source.Source, error) {
	src, err := data.OpenSource([]string{nih.ImageField, nih.LabelsField, nih.PatientField}, pattern)
	if err != nil {
		return nil, err
	}
	for _, f := range src.Fields() {
		switch {
		case f.Name == nih.LabelsField && !slices.Equal(f.Shape, []int{nih.Count}):
			err = fmt.Errorf("%s: %w: a row of %q is %s; it must be a number for each of %d findings", pattern, source.ErrShape, f.Name, source.Tuple(f.Shape), nih.Count)
		case f.Name == nih.PatientField && f.Size() != 1:
			err = fmt.Errorf("%s: %w: a row of %q is %s; it must be one number", pattern, source.ErrShape, f.Name, source.Tuple(f.Shape))
		}
	}
	if err != nil {
		return nil, errors.Join(err, src.Close())
	}
	return src, nil
}

// register is who has what, for each image of a file in order.
type register struct {
	patients []int64
	labels   []nih.Labels
}

// readRegister reads all of a file but its images.
func readRegister(ctx context.Context, pattern string) (r register, err error) {
	l, err := data.Open(pattern).Ints(nih.LabelsField, nih.PatientField).Batch(1024, data.Pad).Loader()
	if err != nil {
		return register{}, err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	for b, err := range l.Epoch(ctx) {
		if err != nil {
			return register{}, err
		}
		r.patients = append(r.patients, b.Int64(nih.PatientField)[:b.Valid]...)
		values := b.Int64(nih.LabelsField)
		for slot := range b.Valid {
			var labels nih.Labels
			for i, v := range values[slot*nih.Count : (slot+1)*nih.Count] {
				if v != 0 && v != 1 {
					return register{}, fmt.Errorf("%s: %w: data set %q, row %d: %s is %d; a label is 0 or 1",
						pattern, source.ErrRange, nih.LabelsField, b.Rows[slot], nih.Findings[i], v)
				}
				labels[i] = uint8(v)
			}
			r.labels = append(r.labels, labels)
		}
	}
	return r, nil
}

// cut finds the row at which validation begins: with the first patient from whom on a
// share of the rows, or a little less, is left. Patients must stand together, as convert
// puts them, for otherwise one would be on both sides.
func (r register) cut(share float64) (int, error) {
	if err := r.together(); err != nil {
		return 0, err
	}
	n := len(r.patients)
	at := max(1, n-int(share*float64(n)))
	for at < n && r.patients[at] == r.patients[at-1] {
		at++
	}
	if at == n {
		return 0, fmt.Errorf("%w: there is no patient in the last %d of %d images who is not in those before; a larger --validation may help", source.ErrRange, int(share*float64(n)), n)
	}
	return at, nil
}

// together is an error if the rows of a patient do not follow one another.
func (r register) together() error {
	seen := map[int64]int{}
	for i, p := range r.patients {
		if last, known := seen[p]; known && last != i-1 {
			return fmt.Errorf("%w: patient %d has rows %d and %d and others have those between; 'chexnet convert' writes patient by patient, so that none is trained on and tested with",
				source.ErrRange, p, last, i)
		}
		seen[p] = i
	}
	return nil
}

// part is the rows from one to before another.
func (r register) part(from, to int) register {
	return register{r.patients[from:to], r.labels[from:to]}
}

// people is the number of patients.
func (r register) people() int { return len(slices.Compact(slices.Sorted(slices.Values(r.patients)))) }

// unknown lists the findings that all images have, or none.
func (r register) unknown() []string {
	var names []string
	for i, name := range nih.Findings {
		count := 0
		for _, l := range r.labels {
			count += int(l[i])
		}
		if count == 0 || count == len(r.labels) {
			names = append(names, name)
		}
	}
	return names
}
