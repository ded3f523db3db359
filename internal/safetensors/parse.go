package safetensors

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"
)

// parser reads the header token by token: encoding/json on its own would accept
// repeated keys, keys in another case, and members that mean nothing.
type parser struct{ tokens *json.Decoder }

// parse reads a header's text. Places are not checked yet.
func parse(text []byte) (metadata map[string]string, tensors []Info, err error) {
	if len(text) == 0 || text[0] != '{' {
		return nil, nil, fmt.Errorf("%w: the header does not begin with '{'", ErrFormat)
	}
	if !utf8.Valid(text) {
		return nil, nil, fmt.Errorf("%w: the header is not UTF-8", ErrFormat)
	}
	p := parser{json.NewDecoder(bytes.NewReader(text))}
	p.tokens.UseNumber()
	metadata = map[string]string{}
	err = p.object(func(key string) error {
		if key == metadataKey {
			return p.metadata(metadata)
		}
		t, err := p.tensor(key)
		tensors = append(tensors, t)
		return err
	})
	if err == nil {
		if rest := bytes.Trim(text[p.tokens.InputOffset():], " "); len(rest) > 0 {
			err = fmt.Errorf("%d bytes after its end", len(rest))
		}
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%w: header: %w", ErrFormat, err)
	}
	return metadata, tensors, nil
}

func (p parser) metadata(into map[string]string) error {
	return p.object(func(key string) error {
		text, err := next[string](p)
		if err != nil {
			return fmt.Errorf("%s: %q: %w", metadataKey, key, err)
		}
		into[key] = text
		return nil
	})
}

// tensor reads the description of one tensor: its three members and no other.
func (p parser) tensor(name string) (Info, error) {
	t := Info{Name: name}
	members := 0
	err := p.object(func(key string) (err error) {
		members++
		switch key {
		case "dtype":
			var text string
			text, err = next[string](p)
			t.DType = DType(text)
			if sizes[t.DType] == 0 && err == nil {
				err = fmt.Errorf("%q is not a known type", text)
			}
		case "shape":
			t.Shape = []int{}
			err = p.array(func(n int64) { t.Shape = append(t.Shape, int(n)) }, strconv.IntSize)
		case "data_offsets":
			var offsets []int64
			err = p.array(func(n int64) { offsets = append(offsets, n) }, 64)
			if err == nil && len(offsets) != 2 {
				err = fmt.Errorf("%d numbers where two are expected", len(offsets))
			}
			if err == nil {
				t.begin, t.end = offsets[0], offsets[1]
			}
		default:
			return fmt.Errorf("member %q where dtype, shape and data_offsets are expected", key)
		}
		if err != nil {
			err = fmt.Errorf("%s: %w", key, err)
		}
		return err
	})
	if err == nil && members != 3 {
		err = fmt.Errorf("%d of the members dtype, shape and data_offsets", members)
	}
	if err != nil {
		return t, fmt.Errorf("tensor %q: %w", name, err)
	}
	return t, nil
}

// object reads an object and calls member at each value. Keys must differ.
func (p parser) object(member func(key string) error) error {
	if err := p.delim('{'); err != nil {
		return err
	}
	seen := map[string]bool{}
	for p.tokens.More() {
		key, err := next[string](p)
		if err != nil {
			return err
		}
		if seen[key] {
			return fmt.Errorf("key %q appears twice", key)
		}
		seen[key] = true
		if err := member(key); err != nil {
			return err
		}
	}
	return p.delim('}')
}

// array reads an array of whole numbers, none negative, that fit an integer of
// the given bits.
func (p parser) array(element func(int64), bits int) error {
	if err := p.delim('['); err != nil {
		return err
	}
	for p.tokens.More() {
		number, err := next[json.Number](p)
		if err != nil {
			return err
		}
		n, err := strconv.ParseUint(number.String(), 10, bits-1)
		if err != nil {
			return fmt.Errorf("%s where a whole number of at most %d bits is expected", number, bits-1)
		}
		element(int64(n))
	}
	return p.delim(']')
}

func (p parser) delim(want json.Delim) error {
	got, err := next[json.Delim](p)
	if err == nil && got != want {
		err = fmt.Errorf("%v where %v is expected", got, want)
	}
	return err
}

// next is the next token, which must be a T.
func next[T any](p parser) (T, error) {
	token, err := p.tokens.Token()
	value, ok := token.(T)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if err == nil && !ok {
		err = fmt.Errorf("%v where a %s is expected", token, kindOf(value))
	}
	return value, err
}

func kindOf(token any) string {
	switch token.(type) {
	case string:
		return "string"
	case json.Number:
		return "number"
	default:
		return "bracket"
	}
}
