package plan

import "github.com/cascade-hpc/cascade/nn/schedule"

// RecipeA is the training of ResNet-50 on ImageNet in an hour on 448 nodes, 14,336 images a
// step (github.com/sara-nl/caffe, resnet50_448nodes): warm-up, a straight line to 0 that
// is left 402 steps, a twentieth, ahead of its end, and a collapse in place of the rest.
// Published: 76.1% top-1 and 93.2% top-5, where the line to its end has 75.6 and 92.7%. An epoch is 1,281,167/14,336 = 89.4 steps. All lengths are those of the solver files.
func RecipeA() Plan {
	return Plan{Name: "resnet50_448nodes", Phases: []Phase{{
		Name: "main", Length: Steps(7638),
		LR: schedule.Warmup{
			From: 0.1, Steps: 446,
			Then: schedule.Poly{Base: 4.8, Horizon: 8040},
		},
		WeightDecay: 5e-5,
		Snapshot:    true,
		Collapse:    &Collapse{Length: Steps(402), LR: 0.254, WeightDecay: 2},
	}}}
}

// RecipeB is the training of ResNet-50 on ImageNet in 72 epochs on 64 nodes, 4,096 images
// a step (github.com/sara-nl/caffe, resnet50_custom_lr): a first phase, three partial
// collapses with warm-ups between them, and one collapse. Published: 76.3% top-1 and 93.2%
// top-5. An epoch is 1,281,167/4,096 = 312.8 steps. All lengths and rates are those of the
// solver files, and every phase was a run of its own that was given weights alone: it
// begins without momentum.
func RecipeB() Plan {
	const decay = 5e-5
	cycle := func(name string, steps uint64, law schedule.Law) Phase {
		return Phase{Name: name, Length: Steps(steps), LR: law, WeightDecay: decay, ResetOptimizer: true}
	}
	last := cycle("cyc3", 4750, schedule.Warmup{
		From: 0.19, Steps: 1000,
		Then: schedule.Poly{Base: 0.572, Power: 2, Horizon: 7500},
	})
	last.Snapshot = true
	last.Collapse = &Collapse{Length: Steps(1560), LR: 0.143, WeightDecay: 4}
	return Plan{Name: "resnet50_custom_lr", Phases: []Phase{
		{
			Name: "init", Length: Steps(7800),
			LR: schedule.Warmup{
				From: 0.1, Steps: 1560,
				Then: schedule.Poly{Base: 1.6, Horizon: 18720},
			},
			WeightDecay: decay,
		},
		cycle("cyc1", 3750, schedule.Poly{Base: 1.02, Power: 2, Horizon: 7500}),
		cycle("cyc2", 4750, schedule.Warmup{
			From: 0.255, Steps: 1000,
			Then: schedule.Poly{Base: 0.764, Power: 2, Horizon: 7500},
		}),
		last,
	}}
}
