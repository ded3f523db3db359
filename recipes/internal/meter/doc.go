// Package meter is what --profile prints at the end of a training: where the time of its
// steps went, and what share of what the machine can do came out.
//
//	m := meter.New(batch, "images", program)
//	step := func() error {
//		defer m.Step(time.Now())
//		...
//	}
//	err := m.Print(os.Stdout)
package meter
