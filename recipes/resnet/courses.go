package main

import (
	"fmt"
	"strings"

	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/nn/plan"
)

// course is a plan of package plan under a name.
type course struct {
	name, help string
	peak       float64 // highest learning rate, for a batch of so many images
	batch      int
	epochs     float64                                   // of a plan that counts in steps of its batch; 0 for one in epochs
	members    bool                                      // it has a number of them
	finetunes  bool                                      // it starts from trained weights
	falls      bool                                      // its cycles have peaks that fall
	plan       func(members int, peak float64) plan.Plan // peak is of a cycle over that of the one before
}

// The rates of plans that have one as a field, as they are published: 0.1 for 256 images
// of ImageNet, and the authors' own for CIFAR.
var courses = []course{
	{
		name: "collapsed", help: "cycles that all collapse into members", peak: 1.6, batch: 4096, members: true, falls: true,
		plan: func(n int, peak float64) plan.Plan {
			return plan.CollapsedEnsemble{LR: 1.6, Cycles: n, Peak: peak}.Plan()
		},
	},
	{
		name: "recipe-a", help: "one descent, collapsed: ResNet-50 on 448 nodes", peak: 4.8, batch: 14336, epochs: 90,
		plan: func(int, float64) plan.Plan { return plan.RecipeA() },
	},
	{
		name: "recipe-b", help: "partial collapses, then one collapse: ResNet-50 in 72 epochs", peak: 1.6, batch: 4096, epochs: 72.3,
		plan: func(int, float64) plan.Plan { return plan.RecipeB() },
	},
	{
		name: "snapshot", help: "cosines with restarts, a member at the end of each", peak: 0.2, batch: 64, members: true,
		plan: func(n int, _ float64) plan.Plan { return plan.SnapshotEnsemble{Cycles: n}.Plan() },
	},
	{
		name: "fge", help: "fast geometric ensemble, from --weights", peak: 0.05, batch: 128, members: true, finetunes: true,
		plan: func(n int, _ float64) plan.Plan { return plan.FastGeometric{Members: n}.Plan() },
	},
	{
		name: "swa", help: "stochastic weight averaging", peak: 0.1, batch: 128,
		plan: func(int, float64) plan.Plan { return plan.WeightAverage{}.Plan() },
	},
	{
		name: "cosine", help: "warm-up and half a cosine", peak: 0.1, batch: 256,
		plan: func(int, float64) plan.Plan { return baseline.Cosine() },
	},
	{
		name: "poly", help: "warm-up and a square down to 0", peak: 0.1, batch: 256,
		plan: func(int, float64) plan.Plan { return baseline.Poly(2) },
	},
	{
		name: "steps", help: "warm-up and steps to a tenth", peak: 0.1, batch: 256,
		plan: func(int, float64) plan.Plan { return baseline.Steps() },
	},
}

var baseline = plan.Baseline{LR: 0.1, Warmup: 5}

// courseOf finds a course. Errors: cli.ErrUsage.
func courseOf(name string) (course, error) {
	var names []string
	for _, c := range courses {
		if c.name == name {
			return c, nil
		}
		names = append(names, c.name)
	}
	return course{}, fmt.Errorf("%w: --plan %s: the plans are %s", cli.ErrUsage, name, strings.Join(names, ", "))
}

// courseHelp lists the courses.
func courseHelp() string {
	var b strings.Builder
	b.WriteString("Plans:\n")
	for _, c := range courses {
		fmt.Fprintf(&b, "\n  %-10s %s", c.name, c.help)
	}
	return b.String()
}
