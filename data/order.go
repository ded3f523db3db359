package data

import (
	"math/bits"
	"slices"
	"unsafe"
)

// order says which row is where in an epoch. The blocks of the selection, in an
// order of the epoch, are grouped into windows of like numbers of blocks. The
// rows of a window are cut into lanes of equal length, each of neighbouring
// blocks; the rows of each lane are permuted, and the lanes are dealt round
// robin. Ranks that take positions in turn meet the rows of some lanes only, and
// so need not decode the others.
type order struct {
	*selection
	shuffle bool
	seed    uint64
	windows int
	lanes   int // of a window: a power of two
}

const (
	mostLanes  = 64
	placeBytes = int64(unsafe.Sizeof(place{}))
)

// newOrder groups blocks into windows of at most bytes bytes, or one block.
func newOrder(s *selection, shuffle bool, seed uint64, rowBytes, bytes int64) *order {
	n := len(s.blocks)
	most := int(min(max(1, bytes/s.largest(rowBytes)), int64(n)))
	o := &order{selection: s, shuffle: shuffle, seed: seed, windows: (n + most - 1) / most, lanes: 1}
	if shuffle {
		least := n / o.windows
		o.lanes = 1 << (bits.Len(uint(min(least, mostLanes))) - 1)
	}
	return o
}

// blocksOf is the interval of blocks, in the order of an epoch, of a window.
func (o *order) blocksOf(window int) (from, to int) {
	n := len(o.blocks)
	return window * n / o.windows, (window + 1) * n / o.windows
}

// epochOrder is the order of the blocks in an epoch.
type epochOrder struct {
	epoch  int
	blocks []int32
	starts []int // the first position of each window, and at the end of none
}

// arrange makes the order of an epoch; it uses the memory of e again.
func (o *order) arrange(e *epochOrder, epoch int) {
	e.epoch = epoch
	e.blocks = slices.Grow(e.blocks[:0], len(o.blocks))
	for i := range o.blocks {
		e.blocks = append(e.blocks, int32(i))
	}
	if o.shuffle {
		permute(e.blocks, orderOf(o.seed, epoch))
	}
	e.starts = append(e.starts[:0], 0)
	at := 0
	for w := range o.windows {
		from, to := o.blocksOf(w)
		for _, b := range e.blocks[from:to] {
			at += o.count(int(b))
		}
		e.starts = append(e.starts, at)
	}
}

// find returns the window that holds a position.
func (e *epochOrder) find(position int) int {
	w, found := slices.BinarySearch(e.starts, position)
	if !found {
		w--
	}
	return w
}

// place is a row: of a block of a window, counted from the block's first.
type place struct {
	block, row uint32
}

// deal is the rows of a window in their order.
type deal struct {
	epoch      int
	start, end int     // positions
	ids        []int32 // its blocks
	places     []place // lane after lane
	lanes      [mostLanes]int
	shift      int // log2 of the number of lanes
}

// deal makes the order of a window; it uses the memory of d again.
func (o *order) deal(d *deal, e *epochOrder, window int) {
	from, to := o.blocksOf(window)
	d.epoch, d.start, d.end = e.epoch, e.starts[window], e.starts[window+1]
	d.ids = append(d.ids[:0], e.blocks[from:to]...)
	d.places = slices.Grow(d.places[:0], d.end-d.start)
	for i, id := range d.ids {
		block := o.blocks[id]
		for row := range block.Len() {
			if o.chosen == nil || o.chosen(block.From+row) {
				d.places = append(d.places, place{uint32(i), uint32(row)})
			}
		}
	}
	d.shift = bits.Len(uint(o.lanes)) - 1
	at := 0
	for i := range o.lanes {
		// In the order of reversed bits, the lanes that are alike modulo a number of
		// ranks are neighbours.
		lane := int(bits.Reverse64(uint64(i)) >> (64 - d.shift))
		rows := (len(d.places) - lane + o.lanes - 1) >> d.shift
		d.lanes[lane] = at
		if o.shuffle {
			permute(d.places[at:at+rows], laneOf(o.seed, e.epoch, window, lane))
		}
		at += rows
	}
}

// at is the row at a position of the epoch.
func (d *deal) at(position int) place {
	p := position - d.start
	return d.places[d.lanes[p&(1<<d.shift-1)]+p>>d.shift]
}
