package shard

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/cascade-hpc/cascade/data/source"
)

// description is what a shard says of itself in JSON.
type description struct {
	fields     []source.Field
	rows       int
	attributes map[string]any   // string, int64 or float64
	ofField    []map[string]any // attributes of each field
}

// The same in the form in which it is stored.
type (
	jsonDescription struct {
		Fields     []jsonField         `json:"fields"`
		Rows       int                 `json:"rows"`
		Attributes map[string]jsonAttr `json:"attributes,omitempty"`
	}
	jsonField struct {
		Name       string              `json:"name"`
		Kind       string              `json:"kind"`
		Shape      []int               `json:"shape"`
		Attributes map[string]jsonAttr `json:"attributes,omitempty"`
	}
	// Numbers are text: JSON's have no NaN, and cannot tell 1 from 1.0.
	jsonAttr struct {
		Type  string `json:"type"`
		Value string `json:"value"`
	}
)

func newDescription(fields []source.Field) (description, error) {
	if err := source.CheckFields(fields); err != nil {
		return description{}, err
	}
	d := description{fields: fields, attributes: map[string]any{}}
	for _, f := range fields {
		if !utf8.ValidString(f.Name) {
			return d, fmt.Errorf("field %q: %w: its name is not UTF-8", f.Name, source.ErrType)
		}
		if f.RowBytes() > maxSection {
			return d, fmt.Errorf("field %q: %w: a row %s of %d bytes; at most 1 GiB can be stored", f.Name, source.ErrShape, source.Tuple(f.Shape), f.RowBytes())
		}
		d.ofField = append(d.ofField, map[string]any{})
	}
	return d, nil
}

// setAttr puts value into one of the maps of attributes.
func setAttr(attributes map[string]any, name string, value any) error {
	switch v := value.(type) {
	case int:
		value = int64(v)
	case string:
		if !utf8.ValidString(v) {
			return fmt.Errorf("attribute %q: %w: its text is not UTF-8", name, source.ErrType)
		}
	case int64, float64:
	default:
		return fmt.Errorf("attribute %q: %w %T: a string, an int or a float64 can be stored", name, source.ErrType, value)
	}
	if name == "" || !utf8.ValidString(name) {
		return fmt.Errorf("attribute %q: %w: the name cannot be used", name, source.ErrType)
	}
	attributes[name] = value
	return nil
}

func (d description) encode() ([]byte, error) {
	j := jsonDescription{Rows: d.rows, Attributes: encodeAttributes(d.attributes)}
	for i, f := range d.fields {
		shape := append([]int{}, f.Shape...) // nil would be written as null
		j.Fields = append(j.Fields, jsonField{f.Name, f.Kind.String(), shape, encodeAttributes(d.ofField[i])})
	}
	b, err := json.Marshal(j)
	if err == nil && len(b) > maxDescription {
		err = fmt.Errorf("%w: names and attributes of %d bytes; at most %d can be stored", source.ErrRange, len(b), maxDescription)
	}
	return b, err
}

func encodeAttributes(attributes map[string]any) map[string]jsonAttr {
	out := map[string]jsonAttr{}
	for name, value := range attributes {
		switch v := value.(type) {
		case string:
			out[name] = jsonAttr{"string", v}
		case int64:
			out[name] = jsonAttr{"int64", strconv.FormatInt(v, 10)}
		case float64:
			out[name] = jsonAttr{"float64", strconv.FormatFloat(v, 'g', -1, 64)}
		}
	}
	return out
}

// parseDescription reads what encode wrote. Errors: source.ErrCorrupt.
func parseDescription(text []byte) (description, error) {
	var j jsonDescription
	tokens := json.NewDecoder(bytes.NewReader(text))
	tokens.DisallowUnknownFields()
	if err := tokens.Decode(&j); err != nil {
		return description{}, fmt.Errorf("%w: the description: %w", source.ErrCorrupt, err)
	}
	if _, err := tokens.Token(); err != io.EOF {
		return description{}, fmt.Errorf("%w: the description: there is more behind its end", source.ErrCorrupt)
	}
	d, err := j.parse()
	if err != nil {
		return description{}, fmt.Errorf("%w: the description: %w", source.ErrCorrupt, err)
	}
	return d, nil
}

func (j jsonDescription) parse() (description, error) {
	var fields []source.Field
	for _, f := range j.Fields {
		kind, err := source.ParseKind(f.Kind)
		if err != nil {
			return description{}, fmt.Errorf("field %q: %w", f.Name, err)
		}
		field := source.Field{Name: f.Name, Kind: kind}
		if len(f.Shape) > 0 {
			field.Shape = f.Shape
		}
		fields = append(fields, field)
	}
	d, err := newDescription(fields)
	if err != nil {
		return d, err
	}
	if j.Rows < 1 {
		return d, fmt.Errorf("%d rows", j.Rows)
	}
	d.rows = j.Rows
	for i, f := range j.Fields {
		if d.ofField[i], err = parseAttributes(f.Attributes); err != nil {
			return d, fmt.Errorf("field %q: %w", f.Name, err)
		}
	}
	d.attributes, err = parseAttributes(j.Attributes)
	return d, err
}

func parseAttributes(in map[string]jsonAttr) (map[string]any, error) {
	out := map[string]any{}
	for name, a := range in {
		var value any
		var err error
		switch a.Type {
		case "string":
			value = a.Value
		case "int64":
			value, err = strconv.ParseInt(a.Value, 10, 64)
		case "float64":
			value, err = strconv.ParseFloat(a.Value, 64)
		default:
			err = fmt.Errorf("type %q is unknown", a.Type)
		}
		if err != nil {
			return nil, fmt.Errorf("attribute %q: %w", name, err)
		}
		out[name] = value
	}
	return out, nil
}
