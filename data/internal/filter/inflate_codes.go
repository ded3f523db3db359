package filter

import (
	"errors"
	"fmt"
	"sync"
)

// fixedTables are those of blocks that bring none (section 3.2.6).
var fixedTables = sync.OnceValue(func() *inflater {
	z := new(inflater)
	var lengths [288]uint8
	for s := range lengths {
		switch {
		case s < 144:
			lengths[s] = 8
		case s < 256:
			lengths[s] = 9
		case s < 280:
			lengths[s] = 7
		default:
			lengths[s] = 8
		}
	}
	var offsets [32]uint8
	for s := range offsets {
		offsets[s] = 5
	}
	err := errors.Join(buildTable(z.symbols[:], symbolIndex, lengths[:], symbolMeaning),
		buildTable(z.offsets[:], offsetIndex, offsets[:], offsetMeaning))
	if err != nil {
		panic(err) // these codes are complete
	}
	return z
})

// readTables reads the codes of a block (section 3.2.7).
func (z *inflater) readTables() error {
	var counts [3]uint64
	for i, k := range []uint{5, 5, 4} {
		var err error
		if counts[i], err = z.take(k); err != nil {
			return err
		}
	}
	symbols, offsets := int(counts[0])+257, int(counts[1])+1
	var lengths [288 + 32]uint8
	if err := z.readLengths(lengths[:symbols+offsets], int(counts[2])+4); err != nil {
		return err
	}
	if lengths[256] == 0 {
		return fmt.Errorf("%w: a block cannot end", errCode)
	}
	err := buildTable(z.symbols[:], symbolIndex, lengths[:symbols], symbolMeaning)
	if err != nil {
		return err
	}
	return buildTable(z.offsets[:], offsetIndex, lengths[symbols:symbols+offsets], offsetMeaning)
}

// lengthOrder is the order of the lengths of the code that lengths have.
var (
	lengthOrder   = [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}
	lengthMeaning = meanings(19, func(s int) entry { return entry(s) << valueShift })
)

func (z *inflater) readLengths(lengths []uint8, codes int) error {
	const index = 7
	var own [19]uint8
	for _, s := range lengthOrder[:codes] {
		n, err := z.take(3)
		if err != nil {
			return err
		}
		own[s] = uint8(n)
	}
	var table [1 << index]entry
	if err := buildTable(table[:], index, own[:], lengthMeaning); err != nil {
		return err
	}
	for i := 0; i < len(lengths); {
		e, err := z.symbol(table[:], index)
		if err != nil {
			return err
		}
		if e.is(isSpecial) {
			return errCode
		}
		n, err := z.run(lengths[i:], e.value(), lengths[:i])
		if err != nil {
			return err
		}
		i += n
	}
	return nil
}

// run sets one length, or as many as a symbol above 15 repeats.
func (z *inflater) run(lengths []uint8, symbol int, before []uint8) (int, error) {
	if symbol < 16 {
		lengths[0] = uint8(symbol)
		return 1, nil
	}
	r := [...]struct {
		bits  uint
		least int
	}{{2, 3}, {3, 3}, {7, 11}}[symbol-16]
	more, err := z.take(r.bits)
	if err != nil {
		return 0, err
	}
	n, value := r.least+int(more), uint8(0)
	if symbol == 16 && len(before) > 0 {
		value = before[len(before)-1]
	}
	if n > len(lengths) || symbol == 16 && len(before) == 0 {
		return 0, errCode
	}
	for i := range n {
		lengths[i] = value
	}
	return n, nil
}
