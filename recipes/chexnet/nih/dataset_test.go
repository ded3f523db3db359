package nih_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/recipes/chexnet/nih"
)

func images(entries []nih.Entry) []string {
	var names []string
	for _, e := range entries {
		names = append(names, e.Image)
	}
	slices.Sort(names)
	return names
}

func TestOpenReadsBothEditionsAndBothWaysToKeepImages(t *testing.T) {
	twelve := layout{}
	for name, text := range published() {
		name = strings.Replace(name, "images/00000003", "images_002/images/00000003", 1)
		twelve[strings.Replace(name, "images/00000001", "images_001/images/00000001", 1)] = text
	}
	newer := published()
	delete(newer, "Data_Entry_2017.csv")
	newer["Data_Entry_2017_v2020.csv"] = table2020
	for name, l := range map[string]layout{"2017": published(), "2020": newer, "twelve folders": twelve} {
		t.Run(name, func(t *testing.T) {
			d, err := nih.Open(l.make(t), nih.Options{})
			require.NoError(t, err)
			assert.Equal(t, []string{"00000001_000.png", "00000001_001.png", "00000002_000.png"}, images(d.TrainVal))
			assert.Equal(t, []string{"00000003_000.png"}, images(d.Test))
			assert.Equal(t, nih.Labels{13: 1}, d.Test[0].Labels)
			assert.Equal(t, int64(3), d.Test[0].Patient)
			for _, e := range d.TrainVal {
				if e.Image == "00000001_001.png" {
					assert.Equal(t, nih.Labels{1: 1, 10: 1}, e.Labels)
					assert.Equal(t, 1, e.FollowUp)
				}
			}
			assert.Zero(t, d.Missing)
			assert.Zero(t, d.Unlisted)
		})
	}
}

func TestOpenRefuses(t *testing.T) {
	table := func(old, new string) func(layout) {
		return func(l layout) { l["Data_Entry_2017.csv"] = strings.Replace(table2017, old, new, 1) }
	}
	tests := []struct {
		name   string
		change func(layout)
		is     error
		says   []string
	}{
		{"no table", func(l layout) { delete(l, "Data_Entry_2017.csv") }, source.ErrMissing, []string{"neither Data_Entry_2017.csv nor"}},
		{"an empty table", func(l layout) { l["Data_Entry_2017.csv"] = "" }, source.ErrFormat, []string{"Data_Entry_2017.csv", "the table is empty"}},
		{"another table", table("Patient ID", "Person"), source.ErrFormat, []string{`no column "Patient ID"`, `"Person"`}},
		{"a line cut short", table("0.171,0.171,", ""), source.ErrFormat, []string{"Data_Entry_2017.csv", "line 4"}},
		{"an unknown finding", table("Hernia", "Hernias"), source.ErrFormat, []string{"line 5", "00000003_000.png", `"Hernias" is none of the findings`}},
		{"a finding twice", table("Cardiomegaly|Emphysema", "Cardiomegaly|Cardiomegaly"), source.ErrFormat, []string{"line 3", "twice"}},
		{"nothing beside a finding", table("Cardiomegaly|Emphysema", "Cardiomegaly|No Finding"), source.ErrFormat, []string{"line 3", `"No Finding" beside findings`}},
		{"no labels", table("Hernia", ""), source.ErrFormat, []string{"line 5", `"" is none`}},
		{"a patient without a number", table(",0,3,", ",0,three,"), source.ErrFormat, []string{"line 5", "Patient ID", "three"}},
		{"an image twice", table("00000002_000.png", "00000001_000.png"), source.ErrFormat, []string{"line 4", "in the table twice"}},
		{"a name that leads elsewhere", table("00000003_000.png", "../secret.png"), source.ErrFormat, []string{"line 5", "../secret.png"}},
		{"no list", func(l layout) { delete(l, nih.TestList) }, source.ErrMissing, []string{nih.TestList}},
		{"an empty list", func(l layout) { l[nih.TestList] = "\n\n" }, source.ErrFormat, []string{nih.TestList, "no names"}},
		{"a name twice in a list", func(l layout) { l[nih.TestList] = "00000003_000.png\n\n00000003_000.png" }, source.ErrFormat, []string{"lines 1 and 3"}},
		{"a name without a line", func(l layout) { l[nih.TestList] = "00000009_000.png" }, source.ErrMissing, []string{nih.TestList, "00000009_000.png has no line"}},
		{"a missing image", func(l layout) { delete(l, "images/00000002_000.png") }, source.ErrMissing, []string{nih.TrainValList, "00000002_000.png is in no folder"}},
		{"an image in two folders", func(l layout) { l["images_001/images/00000002_000.png"] = "x" }, source.ErrFormat, []string{"00000002_000.png", "have one name"}},
		{"a patient in both lists", func(l layout) {
			l[nih.TrainValList] = "00000001_000.png\n00000002_000.png"
			l[nih.TestList] = "00000003_000.png\n00000001_001.png"
		}, source.ErrRange, []string{"patient 1 is in both lists", "00000001_000.png", "00000001_001.png"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			l := published()
			test.change(l)
			_, err := nih.Open(l.make(t), nih.Options{})
			require.ErrorIs(t, err, test.is)
			for _, says := range test.says {
				assert.ErrorContains(t, err, says)
			}
		})
	}
}

func TestPartialCountsWhatIsNotThere(t *testing.T) {
	l := published()
	delete(l, "images/00000001_001.png")
	l[nih.TrainValList] = "00000001_000.png\n00000001_001.png"
	d, err := nih.Open(l.make(t), nih.Options{Partial: true})
	require.NoError(t, err)
	assert.Equal(t, []string{"00000001_000.png"}, images(d.TrainVal))
	assert.Equal(t, 1, d.Missing)
	assert.Equal(t, 1, d.Unlisted, "that of patient 2")
}

// TestPatientsStandTogetherInAnOrderOfTheirOwn: the number of a patient says nothing of
// the place, and the order of the lists neither.
func TestPatientsStandTogetherInAnOrderOfTheirOwn(t *testing.T) {
	l := layout{nih.TestList: "00000000_000.png"}
	records := []nih.Record{{Image: "00000000_000.png"}}
	for p := range int64(200) {
		for k := range 3 {
			name := fmt.Sprintf("%08d_%03d.png", p+1, k)
			records = append(records, nih.Record{Image: name, Patient: p + 1, FollowUp: k})
			l[nih.TrainValList] = name + "\n" + l[nih.TrainValList]
		}
	}
	for _, r := range records {
		l["images/"+r.Image] = ""
	}
	dir := l.make(t)
	require.NoError(t, nih.WriteTable(dir, records, 1024))
	d, err := nih.Open(dir, nih.Options{})
	require.NoError(t, err)
	require.Len(t, d.TrainVal, 600)
	half := map[bool]int{}
	for i, e := range d.TrainVal {
		assert.Equal(t, i%3, e.FollowUp, "the images of a patient are in order")
		assert.Equal(t, d.TrainVal[i-i%3].Patient, e.Patient)
		half[i < 300 == (e.Patient <= 100)]++
	}
	assert.InDelta(t, 300, half[true], 60, "%v", half)
}
