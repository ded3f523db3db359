package ensemble_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/ensemble"
)

// Two members of a training are kept, found again, and asked for the same row.
func Example() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	dir = filepath.Join(dir, "ensemble")
	e, err := ensemble.Create(dir, ensemble.About{Arch: "linear", Classes: 2, Data: "made", Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	g := nn.New("linear")
	net := g.Output("logits", g.Vec("x", 1).Dense(2)).MustBuild()
	for i, name := range []string{"1c", "2c"} {
		net.Params()[0].Data[0] = float32(i + 1) // a training would be here
		err := e.Add(net, ensemble.Member{Name: name, Phase: name[:1], Collapsed: true, Step: uint64(100 * (i + 1))})
		if err != nil {
			fmt.Println(err)
			return
		}
	}

	e, err = ensemble.Open(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range e.Members() {
		err := e.Load(net, m.Name)
		fmt.Println(m.Name, "of step", m.Step, m.File, net.Params()[0].Data[0], err)
	}
	// Output:
	// 1c of step 100 1c.safetensors 1 <nil>
	// 2c of step 200 2c.safetensors 2 <nil>
}

func ExampleCombine() {
	first := []float32{2, 0, 1, 0, 0, 3} // two rows of three classes
	second := []float32{0, 1, 0, 2, 1, 0}
	p, err := ensemble.Combine(ensemble.MeanSoftmax, 3, first, second)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.3f: class %d\n", p.Probabilities(0, make([]float64, 3)), p.Class(0))
	scores, err := p.Score([]int{0, 0})
	fmt.Printf("top-1 %g, NLL %.4f, %v\n", scores.Top1, scores.NLL, err)
	// Output:
	// [0.439 0.333 0.228]: class 0
	// top-1 0.5, NLL 0.9295, <nil>
}

// A point of a training, the member that collapsed from it, and a table of both.
func ExampleNewReport() {
	logits := map[string][]float32{
		"1":  {2, 0, 1, 0, 3, 2},
		"1c": {2, 0, 0, 3, 1, 0},
	}
	members := []ensemble.Member{{Name: "1", Phase: "1"}, {Name: "1c", Phase: "1", Collapsed: true}}
	r, err := ensemble.NewReport(ensemble.About{Arch: "linear", Classes: 2}, ensemble.MeanSoftmax, []int{0, 1, 0}, members,
		func(m ensemble.Member) ([]float32, error) { return logits[m.Name], nil })
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := r.WriteText(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// linear, 3 rows, ensembles by mean softmax
	// point  top-1  NLL     collapsed  top-1   NLL     gain    ensemble of  top-1   NLL
	// 1      66.67  0.5845  1c         100.00  0.1629  +33.33  1            100.00  0.1629
}
