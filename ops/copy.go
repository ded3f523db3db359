package ops

import "fmt"

// NewCopy returns the primitive dst = src.
//
//	in:  src [n]
//	out: dst [n], which may be src
func NewCopy(n int) (Primitive, error) {
	if _, err := elements("copy", n); err != nil {
		return nil, err
	}
	info := Info{Kind: "reorder", Problem: fmt.Sprint(n), Bytes: floatBytes(2 * n)}
	return elementwise(info, n, func(c *call, lo, hi int) {
		copy(c.out[0][lo:hi], c.in[0][lo:hi])
	}), nil
}
