package calochallenge_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/cascade-hpc/cascade/data/calochallenge"
)

func ExampleReadBinning() {
	dir, err := os.MkdirTemp("", "cascade")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "binning.xml")
	err = os.WriteFile(path, []byte(`<Bins><Bin pid="11" name="electron">
		<Layer id="0" r_edges="0,4.65,9.3" n_bin_alpha="8"/>
		<Layer id="1" r_edges="0,4.65,9.3" n_bin_alpha="8"/>
	</Bin></Bins>`), 0o644)
	if err != nil {
		log.Fatal(err)
	}
	b, err := calochallenge.ReadBinning(path, "electron")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(b.Voxels(), b.Shape(), b.Index(1, 0, 0))
	// Output: 32 [1 2 8 2] 16
}
