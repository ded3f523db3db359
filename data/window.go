package data

// window is a window of the order that is being read: its rows, its blocks, and
// what this rank needs of it.
type window struct {
	deal
	blocks []*block // of each id; nil where this rank has no rows
	places []int    // rows of this rank in each block
	need   []int    // blocks in order of first use, by their index in ids
	next   int      // of need: the first that was not looked at for decoding
	left   int      // rows of this rank that are not in a batch
}

// survey finds what the rank needs of a window, in an epoch that begins at base.
func (p *plan) survey(w *window, base int) {
	w.places = append(w.places[:0], make([]int, len(w.ids))...)
	w.need, w.next, w.left = w.need[:0], 0, 0
	for q := max(w.start, base); q < min(w.end, p.end(base)); q++ {
		if !p.mine(base, q) {
			continue
		}
		i := int(w.at(q).block)
		if w.places[i] == 0 {
			w.need = append(w.need, i)
		}
		w.places[i]++
		w.left++
	}
}

// course goes through the windows of all epochs from a position on.
type course struct {
	*plan
	start Position
	order epochOrder
	epoch int
	next  int // window
}

func newCourse(p *plan, start Position) *course {
	c := &course{plan: p, start: start, epoch: start.Epoch}
	c.plan.order.arrange(&c.order, start.Epoch)
	c.next = c.order.find(start.Row)
	return c
}

// base is where the loader begins an epoch.
func (c *course) base(epoch int) int {
	if epoch == c.start.Epoch {
		return c.start.Row
	}
	return 0
}

// window makes the next window of which this rank has rows. It returns false when
// there is none in this epoch or any other: of few rows, a rank among many may get
// none.
func (c *course) window(w *window) bool {
	for {
		base := c.base(c.epoch)
		if c.next == c.plan.order.windows || c.order.starts[c.next] >= c.end(base) {
			if c.slot(0, 0) >= c.end(0) {
				return false
			}
			c.epoch, c.next = c.epoch+1, 0
			c.plan.order.arrange(&c.order, c.epoch)
			continue
		}
		c.plan.order.deal(&w.deal, &c.order, c.next)
		c.next++
		if c.survey(w, base); w.left > 0 {
			return true
		}
	}
}
