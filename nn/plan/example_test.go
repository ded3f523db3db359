package plan_test

import (
	"fmt"
	"os"

	"github.com/cascade-hpc/cascade/nn/plan"
	"github.com/cascade-hpc/cascade/nn/schedule"
)

// Two cycles that come down to a quarter of their peak, and a collapse off each.
func Example() {
	cycle := func(name string, law schedule.Law) plan.Phase {
		return plan.Phase{
			Name: name, Length: plan.Epochs(15), LR: law, Unit: plan.Epochs(1),
			WeightDecay: 5e-5, Snapshot: true,
			Collapse: &plan.Collapse{Length: plan.Epochs(5), WeightDecay: 4},
		}
	}
	p := plan.Plan{Name: "two cycles", Phases: []plan.Phase{
		cycle("1", schedule.Warmup{From: 0.1, Steps: 3, Rebase: true, Then: schedule.Poly{Base: 1, Power: 2, Horizon: 24}}),
		cycle("2", schedule.Warmup{From: 0.25, Steps: 3, Rebase: true, Then: schedule.Poly{Base: 0.75, Power: 2, Horizon: 24}}),
	}}
	timeline, err := p.Resolve(469, plan.Length{})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := timeline.Table(os.Stdout); err != nil {
		fmt.Println(err)
	}
	at, err := timeline.At(10_000)
	if err != nil {
		fmt.Println(err)
	}
	fmt.Printf("step 10000: step %d of %s, rate %.4f, %s augmentation\n", at.Step, at.Segment.Name, at.LR, at.Augment)
	// Output:
	// two cycles: 18760 steps, 40 epochs of 469
	// phase  epochs  steps  from step  rate first  peak     last        decay   momentum  augment   weights from    end
	// 1      15      7035   0          0.1         1        0.25009     5e-05   0.9       full      initial         snapshot, kept
	// 1c     5       2345   7035       0.25009     0.25009  4.5479e-08  0.0002  0.9       no scale  1, no momentum  member
	// 2      15      7035   9380       0.25        0.75     0.18757     5e-05   0.9       full      1               snapshot
	// 2c     5       2345   16415      0.18757     0.18757  3.4109e-08  0.0002  0.9       no scale  2, no momentum  member
	// step 10000: step 620 of 2, rate 0.4703, full augmentation
}

// The published training of 72 epochs of ImageNet, in 30 epochs of 60,000 images at a
// batch of 256.
func ExampleRecipeB() {
	p := plan.RecipeB().Scale(256. / 4096).Stretch(plan.Epochs(30))
	timeline, err := p.Resolve(235, plan.Length{})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := timeline.Table(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// resnet50_custom_lr: 7050 steps, 30 epochs of 235
	// phase  epochs  steps  from step  rate first  peak       last        decay   momentum  augment   weights from       end
	// init   10.35   2432   0          0.00625     0.099919   0.058352    5e-05   0.9       full      initial
	// cyc1   4.974   1169   2432       0.06375     0.06375    0.015973    5e-05   0.9       full      init, no momentum
	// cyc2   6.302   1481   3601       0.015938    0.047667   0.0064361   5e-05   0.9       full      cyc1, no momentum
	// cyc3   6.306   1482   5082       0.011875    0.035688   0.0048074   5e-05   0.9       full      cyc2, no momentum  snapshot
	// cyc3c  2.068   486    6564       0.0089375   0.0089375  3.7839e-08  0.0002  0.9       no scale  cyc3, no momentum  member
}

// All mistakes are found before the first step.
func ExamplePlan_Resolve() {
	p := plan.Plan{Name: "draft", Phases: []plan.Phase{
		{Name: "main", Length: plan.Epochs(90), LR: schedule.Step{Base: 0.1}},
		{Name: "rest", Length: plan.Steps(10), WeightDecay: -1, LR: schedule.Poly{Base: 0.1}},
	}}
	_, err := p.Resolve(100, plan.Length{})
	fmt.Println(err)
	// Output:
	// plan "draft", phase "main": learning rate: schedule: Step.Every is 0: a finite number of steps above 0 is expected
	// plan "draft", phase "rest": its weight decay is -1: a finite number from 0 on is expected
}
