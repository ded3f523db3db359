package nih_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/recipes/chexnet/nih"
)

// The first lines of the table as the NIH publishes it, of the editions of 2017 and 2020.
const (
	table2017 = `Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position,OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y],
00000001_000.png,Cardiomegaly,0,1,058Y,M,PA,2682,2749,0.143,0.143,
00000001_001.png,Cardiomegaly|Emphysema,1,1,058Y,M,PA,2894,2729,0.143,0.143,
00000002_000.png,No Finding,0,2,081Y,M,PA,2500,2048,0.171,0.171,
00000003_000.png,Hernia,0,3,081Y,F,PA,2582,2991,0.143,0.143,
`
	table2020 = `Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position,OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y]
00000001_000.png,Cardiomegaly,0,1,57,M,PA,2682,2749,0.143,0.143
00000001_001.png,Cardiomegaly|Emphysema,1,1,58,M,PA,2894,2729,0.143,0.143
00000002_000.png,No Finding,0,2,80,M,PA,2500,2048,0.171,0.171
00000003_000.png,Hernia,0,3,74,F,PA,2582,2991,0.143,0.143
`
)

// layout is a folder of files; their paths are relative to it.
type layout map[string]string

func published() layout {
	return layout{
		"Data_Entry_2017.csv":     table2017,
		nih.TrainValList:          "00000001_000.png\n00000001_001.png\n00000002_000.png",
		nih.TestList:              "00000003_000.png\r\n",
		"images/00000001_000.png": "a", "images/00000001_001.png": "bc",
		"images/00000002_000.png": "def", "images/00000003_000.png": "ghij",
	}
}

func (l layout) make(t *testing.T) string {
	dir := t.TempDir()
	for name, text := range l {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o666))
	}
	return dir
}
