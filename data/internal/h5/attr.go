//go:build cgo && !nohdf5

package h5

// #include "shim.h"
// #include <stdlib.h>
import "C"

import (
	"fmt"
	"math"
	"unsafe"
)

// AttrNames lists the attributes of an object ("" is the root) in alphabetical
// order.
func (f *File) AttrNames(object string) ([]string, error) {
	var n C.hsize_t
	err := f.call("/"+object, func(o *C.char) C.int { return C.ch5_attr_count(f.id, o, &n) })
	if err != nil {
		return nil, err
	}
	var names []string
	for i := C.hsize_t(0); i < n; i++ {
		if len(names) == maxObjects {
			return nil, ErrTooManyObjects
		}
		var name [C.CH5_NAME]C.char
		err := f.call("/"+object, func(o *C.char) C.int { return C.ch5_attr_name(f.id, o, i, &name[0]) })
		if err != nil {
			return nil, err
		}
		names = append(names, C.GoString(&name[0]))
	}
	return names, nil
}

// Attr returns the attribute of an object ("" is the root) as a string, float64
// or int64. It returns ErrNoAttr, or an Error when the value is not a single
// one of these.
func (f *File) Attr(object, name string) (any, error) {
	var (
		a     C.ch5_attr
		found C.int
	)
	obj := C.CString("/" + object)
	defer C.free(unsafe.Pointer(obj))
	err := f.call(name, func(n *C.char) C.int { return C.ch5_attr_read(f.id, obj, n, &found, &a) })
	defer C.free(unsafe.Pointer(a.text))
	switch {
	case err != nil:
		return nil, err
	case found == 0:
		return nil, ErrNoAttr
	case a.points != 1:
		return nil, &Error{Text: fmt.Sprintf("the attribute has %d values, not one", int64(a.points))}
	}
	switch Class(a.class) {
	case String:
		return C.GoString(a.text), nil
	case Float:
		return float64(a.real), nil
	case Integer, Enum:
		if a.sign == 0 && uint64(a.natural) > math.MaxInt64 {
			return nil, &Error{Text: fmt.Sprintf("the attribute %d does not fit in 64 signed bits", uint64(a.natural))}
		}
		if a.sign == 0 {
			return int64(a.natural), nil
		}
		return int64(a.integer), nil
	}
	return nil, &Error{Text: "the attribute is of class " + Class(a.class).String()}
}

// SetAttr sets an attribute of an object ("" is the root), of type string, float64
// or int64.
func (f *File) SetAttr(object, name string, value any) error {
	obj := C.CString("/" + object)
	defer C.free(unsafe.Pointer(obj))
	return f.call(name, func(n *C.char) C.int {
		switch v := value.(type) {
		case string:
			text := C.CString(v)
			defer C.free(unsafe.Pointer(text))
			return C.ch5_attr_write_text(f.id, obj, n, text)
		case float64:
			return C.ch5_attr_write_real(f.id, obj, n, C.double(v))
		case int64:
			return C.ch5_attr_write_integer(f.id, obj, n, C.int64_t(v))
		}
		what := C.CString(fmt.Sprintf("an attribute cannot be a %T", value))
		defer C.free(unsafe.Pointer(what))
		return C.ch5_fail(what)
	})
}
