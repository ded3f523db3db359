package nih

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/internal/atomicfile"
)

// Record is what the table says of an image, as far as it is used here.
type Record struct {
	Image    string // name of its file
	Labels   Labels
	FollowUp int // 0 for the first image of a patient
	Patient  int64
}

// The columns of the table that are read. There are others, and some editions of it
// have a comma at the end of each line.
const (
	imageColumn    = "Image Index"
	labelsColumn   = "Finding Labels"
	followUpColumn = "Follow-up #"
	patientColumn  = "Patient ID"
)

// readTable reads Data_Entry_2017.csv.
func readTable(path string) (records map[string]Record, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	r := csv.NewReader(f)
	r.ReuseRecord = true
	header, err := r.Read()
	if err == io.EOF {
		err = errors.New("the table is empty")
	}
	if err != nil {
		return nil, fmt.Errorf("nih: %s: %w: %w", path, source.ErrFormat, err)
	}
	columns, err := find(header)
	if err != nil {
		return nil, fmt.Errorf("nih: %s: %w", path, err)
	}
	records = map[string]Record{}
	for {
		row, err := r.Read()
		if err == io.EOF {
			return records, nil
		}
		if err != nil {
			return nil, fmt.Errorf("nih: %s: %w: %w", path, source.ErrFormat, err)
		}
		line, _ := r.FieldPos(0)
		record, err := columns.record(row)
		if _, twice := records[record.Image]; err == nil && twice {
			err = fmt.Errorf("%w: the image is in the table twice", source.ErrFormat)
		}
		if err != nil {
			return nil, fmt.Errorf("nih: %s, line %d: %s: %w", path, line, row[columns.image], err)
		}
		records[record.Image] = record
	}
}

// columns are the places of columns in a row.
type columns struct{ image, labels, followUp, patient int }

func find(header []string) (columns, error) {
	var c columns
	for _, k := range []struct {
		name string
		to   *int
	}{{imageColumn, &c.image}, {labelsColumn, &c.labels}, {followUpColumn, &c.followUp}, {patientColumn, &c.patient}} {
		*k.to = slices.Index(header, k.name)
		if *k.to < 0 {
			return c, fmt.Errorf("%w: there is no column %q in the first line, %q", source.ErrFormat, k.name, header)
		}
	}
	return c, nil
}

func (c columns) record(row []string) (Record, error) {
	r := Record{Image: row[c.image]}
	if err := checkName(r.Image); err != nil {
		return r, err
	}
	var err error
	if r.Labels, err = ParseLabels(row[c.labels]); err != nil {
		return r, err
	}
	if r.FollowUp, err = strconv.Atoi(row[c.followUp]); err != nil {
		return r, fmt.Errorf("%w: %q: %w", source.ErrFormat, followUpColumn, err)
	}
	if r.Patient, err = strconv.ParseInt(row[c.patient], 10, 64); err != nil {
		return r, fmt.Errorf("%w: %q: %w", source.ErrFormat, patientColumn, err)
	}
	return r, nil
}

// checkName refuses names that lead out of the folder of images.
func checkName(name string) error {
	if name == "" || filepath.Base(name) != name || name == "." || name == ".." {
		return fmt.Errorf("%w: %q is no name of an image", source.ErrFormat, name)
	}
	return nil
}

// WriteTable writes Data_Entry_2017.csv into dir, in the first edition's form, for images
// of size x size that nobody took: age, gender and the rest are the same for all.
func WriteTable(dir string, records []Record, size int) error {
	return atomicfile.Write(filepath.Join(dir, tables[0]), func(w io.Writer) error {
		// Two column names have a comma in them and no quotes around, as published.
		_, err := fmt.Fprintf(w, "%s,%s,%s,%s,Patient Age,Patient Gender,View Position,OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y],\n",
			imageColumn, labelsColumn, followUpColumn, patientColumn)
		if err != nil {
			return err
		}
		for _, r := range records {
			_, err := fmt.Fprintf(w, "%s,%v,%d,%d,050Y,F,PA,%d,%d,0.143,0.143,\n", r.Image, r.Labels, r.FollowUp, r.Patient, size, size)
			if err != nil {
				return err
			}
		}
		return nil
	})
}
