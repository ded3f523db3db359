package replay

import (
	"fmt"

	"github.com/cascade-hpc/cascade/dist/bench/internal/record"
	"github.com/cascade-hpc/cascade/internal/philox"
)

// Job is a training that is played: a measured step, taken by every worker on nodes that
// compute at another pace.
type Job struct {
	Step *record.Step
	// Pace is how long a node takes for what took a second where the step was measured. 1
	// for the same.
	Pace float64
	// CorePace is the same of what one core does beside the messages: adding up and copying.
	CorePace float64

	Nodes     int
	Workers   int    // ranks on a node
	Algorithm string // of the sums: "ring" or "halving"
	// Layered adds up on each node first, as dist.Hierarchical does.
	Layered bool
	// Overlap lets a bucket leave when it is final. Otherwise all leave behind the run.
	Overlap bool
	Bucket  int // bytes, at most, of gradients that are reduced together
	Steps   int // that are played

	// Jitter draws the length of every run on every worker from those that were measured.
	Jitter bool
	Seed   uint64 // of the jitter, and of Scatter
	// Scatter puts the nodes anywhere in the cluster. Otherwise they are neighbours.
	Scatter bool
}

// check refuses jobs that cannot be played.
func (j Job) check() (Algorithm, error) {
	switch {
	case j.Nodes < 1 || j.Workers < 1 || j.Steps < 1 || j.Bucket < 4:
		return nil, fmt.Errorf("replay: %d steps on %d nodes of %d workers in buckets of %d bytes: at least 1, and 4 bytes, are expected", j.Steps, j.Nodes, j.Workers, j.Bucket)
	case j.Pace <= 0 || j.CorePace <= 0:
		return nil, fmt.Errorf("replay: a pace of %g, and of %g for a core: more than 0 is expected", j.Pace, j.CorePace)
	}
	return algorithm(j.Algorithm, j.Nodes, j.Workers, j.Layered)
}

// ranks is the number of workers on all nodes.
func (j Job) ranks() int { return j.Nodes * j.Workers }

// Messages is how many messages the ranks send each other, all together: what the time of
// playing depends on.
func (j Job) Messages() (int, error) {
	a, err := j.check()
	if err != nil {
		return 0, err
	}
	n := 0
	for _, run := range j.Step.Runs {
		for _, b := range buckets(run, j.Bucket) {
			for r := range a(0, j.ranks(), b.n) {
				if r.Send.Len() > 0 {
					n++
				}
			}
		}
	}
	return n * j.ranks() * j.Steps, nil
}

// Alone is how long the steps take one worker that has nobody to wait for, in seconds: in
// the mean over what its jitter can be.
func (j Job) Alone() float64 {
	t := 0.
	for _, r := range j.Step.Runs {
		ratio := 1.
		if j.Jitter {
			ratio = mean(r.Ratios)
		}
		t += (r.Length + r.Update) * ratio
	}
	return t * j.Pace * float64(j.Steps)
}

func mean(x []float64) (m float64) {
	for _, v := range x {
		m += v / float64(len(x))
	}
	return m
}

// luck draws how a worker's runs compare with the median.
type luck struct {
	on     bool
	stream philox.Stream
}

func (j Job) luck(rank int) *luck {
	return &luck{j.Jitter, philox.NewStream(j.Seed, uint64(rank))}
}

func (l *luck) draw(ratios []float64) float64 {
	if !l.on {
		return 1
	}
	return ratios[int(l.stream.Uint64()%uint64(len(ratios)))]
}
