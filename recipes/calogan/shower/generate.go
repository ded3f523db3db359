package shower

import (
	"fmt"
	"sync"

	"github.com/cascade-hpc/cascade/internal/philox"
)

// Block is the number of events that Generate hands over at a time; the last
// block may be shorter.
const Block = 64

// Electron is the particle id in column 0 of a target.
const Electron = 11

// Generate draws n showers whose energies are uniform over the configured
// spectrum and hands them to sink in blocks, in order, from the calling
// goroutine. ecal holds rows of Cells, target rows of two: the particle id and
// the energy in GeV. Both belong to sink only until it returns; first is the
// number of the first event in the block. Event i draws from philox stream i of
// seed, so neither n nor threads changes it. An error of sink ends the work and
// is returned.
func Generate(cfg Config, n int, seed uint64, threads int, sink func(first int, ecal, target []float32) error) error {
	sim, err := New(cfg)
	if err != nil {
		return err
	}
	if n < 0 || threads < 1 {
		return fmt.Errorf("shower: Generate: %d events on %d threads: there must be at least 0 events and 1 thread", n, threads)
	}
	blocks := (n + Block - 1) / Block
	threads = min(threads, max(blocks, 1))

	// A ring of blocks: slot b%len(ring) is filled by worker b%threads, so that
	// the order of delivery needs no sorting. Two slots for each worker keep it
	// busy while the sink writes.
	ring := make([]*slot, 2*threads)
	for i := range ring {
		ring[i] = newSlot()
	}
	stop := make(chan struct{})
	var workers sync.WaitGroup
	for w := range threads {
		workers.Go(func() {
			for b := w; b < blocks; b += threads {
				if !ring[b%len(ring)].fill(sim, seed, b*Block, min(Block, n-b*Block), stop) {
					return
				}
			}
		})
	}
	defer workers.Wait()
	defer close(stop)
	for b := range blocks {
		if err := ring[b%len(ring)].deliver(b*Block, sink); err != nil {
			return err
		}
	}
	return nil
}

// slot is a block of events on its way from a worker to the sink.
type slot struct {
	ecal, target []float32
	events       int
	err          error
	empty, full  chan struct{} // one token between them says whose turn it is
}

func newSlot() *slot {
	s := &slot{
		ecal:   make([]float32, Block*Cells),
		target: make([]float32, Block*2),
		empty:  make(chan struct{}, 1),
		full:   make(chan struct{}, 1),
	}
	s.empty <- struct{}{}
	return s
}

// fill draws events into the slot once it is empty. It reports false when stop
// was closed.
func (s *slot) fill(sim *Simulator, seed uint64, first, events int, stop <-chan struct{}) bool {
	select {
	case <-s.empty:
	case <-stop:
		return false
	}
	s.events, s.err = events, nil
	for i := range events {
		rng := philox.NewStream(seed, uint64(first+i))
		energy := float32(sim.cfg.EnergyMin + (sim.cfg.EnergyMax-sim.cfg.EnergyMin)*rng.Float64())
		s.target[2*i], s.target[2*i+1] = Electron, energy
		if err := sim.Event(s.ecal[i*Cells:(i+1)*Cells], float64(energy), &rng); err != nil {
			s.err = err
			break
		}
	}
	s.full <- struct{}{}
	return true
}

func (s *slot) deliver(first int, sink func(first int, ecal, target []float32) error) error {
	<-s.full
	if s.err != nil {
		return s.err
	}
	if err := sink(first, s.ecal[:s.events*Cells], s.target[:s.events*2]); err != nil {
		return err
	}
	s.empty <- struct{}{}
	return nil
}
