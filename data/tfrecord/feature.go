package tfrecord

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cascade-hpc/cascade/data/source"
)

// The fields of the messages.
const (
	exampleFeatures      = 1 // Example: Features
	sequenceFeatureLists = 2 // SequenceExample: FeatureLists
	featuresEntry        = 1 // Features: an entry of the map
	entryKey             = 1
	entryFeature         = 2
	listValue            = 1 // BytesList, FloatList, Int64List
)

// list is the type of a feature: its number in Feature.
type list uint64

const (
	bytesList list = iota + 1
	floatList
	int64List
)

func (l list) String() string {
	return [...]string{"an empty feature", "a list of strings", "a list of floats", "a list of int64s"}[l]
}

// eachFeature calls fn with the name and the message of each feature of an
// Example. A name may occur twice; then the later one counts.
func eachFeature(example []byte, fn func(name, feature []byte)) error {
	for m := message(example); len(m) > 0; {
		it, err := m.next()
		if err != nil {
			return err
		}
		if it.wire == wireBytes && it.number == sequenceFeatureLists {
			return fmt.Errorf("%w: it is a SequenceExample; only Example can be read", source.ErrType)
		}
		if it.wire != wireBytes || it.number != exampleFeatures {
			continue
		}
		for features := message(it.bytes); len(features) > 0; {
			entry, err := features.next()
			if err == nil && entry.wire == wireBytes && entry.number == featuresEntry {
				err = oneEntry(entry.bytes, fn)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func oneEntry(entry message, fn func(name, feature []byte)) error {
	var name, feature []byte
	for len(entry) > 0 {
		it, err := entry.next()
		if err != nil {
			return err
		}
		switch {
		case it.wire == wireBytes && it.number == entryKey:
			name = it.bytes
		case it.wire == wireBytes && it.number == entryFeature:
			feature = it.bytes
		}
	}
	fn(name, feature)
	return nil
}

// values is what becomes of the values of a feature.
type values interface {
	text(b []byte) error      // a string of a list of strings
	float32s(b []byte) error  // some floats, little-endian
	int64s(v uint64) error    // one int64
	begin(l list) (err error) // a list of this type follows
}

// eachValue hands the values of a feature on.
func eachValue(feature message, to values) error {
	for len(feature) > 0 {
		it, err := feature.next()
		if err != nil {
			return err
		}
		l := list(it.number)
		if it.wire != wireBytes || l < bytesList || l > int64List {
			continue
		}
		if err := to.begin(l); err != nil {
			return err
		}
		if err := eachOf(l, it.bytes, to); err != nil {
			return err
		}
	}
	return nil
}

// eachOf hands on the values of a list, packed or not.
func eachOf(l list, m message, to values) error {
	for len(m) > 0 {
		it, err := m.next()
		if err != nil {
			return err
		}
		if it.number != listValue {
			continue
		}
		switch {
		case l == bytesList && it.wire == wireBytes:
			err = to.text(it.bytes)
		case l == floatList && (it.wire == wireFixed32 || it.wire == wireBytes && len(it.bytes)%4 == 0):
			err = to.float32s(it.bytes)
		case l == int64List && it.wire == wireVarint:
			err = to.int64s(it.value)
		case l == int64List && it.wire == wireBytes:
			for packed := message(it.bytes); len(packed) > 0 && err == nil; {
				var v uint64
				if v, err = packed.varint(); err == nil {
					err = to.int64s(v)
				}
			}
		default:
			err = fmt.Errorf("%w: a value of wire type %d in %s", errWire, it.wire, l)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// names lists the features of an Example.
func names(example []byte) string {
	var all []string
	_ = eachFeature(example, func(name, _ []byte) { all = append(all, fmt.Sprintf("%q", name)) })
	if len(all) == 0 {
		return "none"
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), ", ")
}
