package ops

import (
	"fmt"
	"math"
)

// BatchNormDesc describes batch normalisation of a tensor N x C x Spatial over N
// and Spatial, channel by channel (Ioffe & Szegedy, ICML 2015, algorithm 1):
//
//	dst = gamma · (src − mean) / √(variance + Eps) + beta
//
// mean and variance being those of the batch in training (the variance divided
// by the number of elements m = N·Spatial, not by m − 1), and given numbers in
// inference.
type BatchNormDesc struct {
	N, C, Spatial int
	Eps           float32
	Post          Activation // applied to dst in the same pass; the zero value is none
	// Layout is that of src, dst and their gradients. N is a multiple of 16 in NCX16n.
	Layout Layout
	// Sum, if not nil, makes the batch part of a larger one, whose other parts are
	// elsewhere: it replaces numbers by their sums over all parts. Every part must call it
	// as often, and as long: twice in an execution forward and once backward, in the
	// goroutine of Exec. N may differ.
	Sum func(x []float64)
}

func (d BatchNormDesc) validate() error {
	const op = "batch normalisation"
	if _, err := elements(op, d.N, d.C, d.Spatial, d.Layout.cell()); err != nil {
		return err
	}
	if err := d.Layout.check(op, d.N); err != nil {
		return err
	}
	switch {
	case d.C < 1 || d.Spatial < 1:
		return invalid(op, "%d channels of %d positions: each must be at least 1", d.C, d.Spatial)
	case !(d.Eps > 0) || math.IsInf(float64(d.Eps), 1):
		return invalid(op, "eps %g: it must be positive and finite", d.Eps)
	}
	return d.Post.validate()
}

func (d BatchNormDesc) info(l *loops, prop string, tensors int) Info {
	n := d.Layout.planes(d.N, d.C) * d.Layout.cell() * d.Spatial
	return Info{
		Kind:    "batch_normalization",
		Prop:    prop,
		Impl:    l.impl(),
		Problem: fmt.Sprintf("mb%dic%dsp%d eps:%g post:%s%s", d.N, d.C, d.Spatial, d.Eps, d.Post.Kind, d.shared()),
		FLOPs:   4 * int64(d.N) * int64(d.C) * int64(d.Spatial),
		Bytes:   floatBytes(tensors * n),
		InPlace: true,
	}
}

// shared is a word for the batch being a part of one.
func (d BatchNormDesc) shared() string {
	if d.Sum == nil {
		return ""
	}
	return " shared"
}

// plain is the description of the same memory in plain layout, for a batch in blocks:
// the samples of a block are positions.
func (d BatchNormDesc) plain() BatchNormDesc {
	if d.Layout == NCX16n {
		d.N, d.Spatial, d.Layout = d.N/Block, d.Spatial*Block, NCX
	}
	return d
}

// rstd is 1/√(variance + Eps).
func (d BatchNormDesc) rstd(variance float64) float64 {
	return 1 / math.Sqrt(variance+float64(d.Eps))
}

// channelParts divides an N x C x Spatial tensor into parts: a group of channels,
// and a piece of the N·Spatial elements that each of them has.
type channelParts struct {
	c, spatial int
	groups     ranges // of the channels
	pieces     ranges // of the elements of a channel
}

func (d BatchNormDesc) parts() channelParts {
	m := d.N * d.Spatial
	// Many channels to a part where each is short, and never less than a cache
	// line of them.
	group := max(elementsPerPart/max(m, 1), (Block+d.Spatial-1)/d.Spatial)
	if d.Spatial == 1 {
		group = max(group, min(d.C, channelsOfRow))
	}
	return channelParts{
		c:       d.C,
		spatial: d.Spatial,
		groups:  divide(d.C, group),
		pieces:  divide(m, elementsPerPart/group),
	}
}

// channelsOfRow is the number of channels to a part where each has one position: rows
// of a few cache lines, each in another page, would wait for memory.
const channelsOfRow = 256

// count is the number of parts.
func (p channelParts) count() int { return p.groups.parts * p.pieces.parts }

// each calls do for every run of memory that belongs to the part: elements lo to
// hi are of channel c, in piece number piece of it.
func (p channelParts) each(part int, do func(c, piece, lo, hi int)) {
	piece := part % p.pieces.parts
	c0, c1 := p.groups.bounds(part / p.pieces.parts)
	from, to := p.pieces.bounds(piece)
	for from < to {
		sample, at := from/p.spatial, from%p.spatial
		n := min(to-from, p.spatial-at)
		for c := c0; c < c1; c++ {
			lo := (sample*p.c+c)*p.spatial + at
			do(c, piece, lo, lo+n)
		}
		from += n
	}
}

// eachChannel calls do for what each channel has of the part: runs from element first
// on, which are all of one length but perhaps for a first and a last one, that come
// apart.
func (p channelParts) eachChannel(part int, do func(c, piece, first int, r runs)) {
	piece := part % p.pieces.parts
	c0, c1 := p.groups.bounds(part / p.pieces.parts)
	from, to := p.pieces.bounds(piece)
	for from < to {
		sample, at := from/p.spatial, from%p.spatial
		r := runs{length: min(to-from, p.spatial-at), count: 1, pitch: p.c * p.spatial}
		if r.length == p.spatial {
			r.count = (to - from) / p.spatial
		}
		for c := c0; c < c1; c++ {
			do(c, piece, (sample*p.c+c)*p.spatial+at, r)
		}
		from += r.length * r.count
	}
}

// perChannel is the phase that calls do for every channel.
func perChannel(channels int, do func(c *call, channel int)) phase {
	return perChannels(channels, func(c *call, lo, hi int) {
		for ch := lo; ch < hi; ch++ {
			do(c, ch)
		}
	})
}

// perChannels is the phase that calls do for ranges of channels.
func perChannels(channels int, do func(c *call, lo, hi int)) phase {
	const channelsPerPart = 256
	return overRanges(divide(channels, channelsPerPart), do)
}

// cachedGroup is how much of a group of channels, in bytes, stays in the second level of
// the cache from one pass to the next.
const cachedGroup = 1 << 20

// phases are three: parts add up, the sums of a range of channels are combined, and parts
// write. Where the bytes that a channel's elements have for both passes stay in the
// cache, and all workers find enough to do, a group of channels goes through all three
// before the next. No result depends on that.
func (p channelParts) phases(bytes int, add phase, combine func(c *call, lo, hi int), write phase) []phase {
	if p.groups.size*p.pieces.n*bytes > cachedGroup || p.groups.parts < 2*likelyWorkers() {
		return []phase{add, perChannels(p.c, combine), write}
	}
	return []phase{{p.groups.parts, func(c *call, worker, group int) {
		first, end := group*p.pieces.parts, (group+1)*p.pieces.parts
		for part := first; part < end; part++ {
			add.do(c, worker, part)
		}
		lo, hi := p.groups.bounds(group)
		combine(c, lo, hi)
		for part := first; part < end; part++ {
			write.do(c, worker, part)
		}
	}}}
}

// partialSums are sums of W kinds over each piece of each channel. Pieces are
// added up in their order.
type partialSums struct {
	kinds, pieces int
	sum           []float64
}

func newPartialSums(kinds int, p channelParts) partialSums {
	return partialSums{kinds: kinds, pieces: p.pieces.parts, sum: make([]float64, kinds*p.pieces.parts*p.c)}
}

// of is the place of the sums of one piece of a channel.
func (s partialSums) of(c, piece int) []float64 {
	at := (c*s.pieces + piece) * s.kinds
	return s.sum[at : at+s.kinds]
}

// clear sets the sums of one part to zero.
func (s partialSums) clear(p channelParts, part int) {
	c0, c1 := p.groups.bounds(part / p.pieces.parts)
	for c := c0; c < c1; c++ {
		clear(s.of(c, part%p.pieces.parts))
	}
}

// total is the sum of one kind over all pieces of a channel.
func (s partialSums) total(c, kind int) float64 {
	t := 0.0
	for piece := range s.pieces {
		t += s.of(c, piece)[kind]
	}
	return t
}
