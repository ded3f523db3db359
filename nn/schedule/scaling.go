package schedule

import "fmt"

// ScaleLinearly is the learning rate for another size of the batch by the linear scaling
// rule of Goyal et al. (arXiv:1706.02677): lr·batch/reference. Theirs is 0.1 for 256
// samples, which gives 1.6 for 4096. The batch is that of all workers, and the rule needs
// a warm-up; it holds up to some 8,000 images for ResNet-50. Without a reference the
// result is not finite, which Check refuses.
func ScaleLinearly(lr float64, reference, batch int) float64 {
	return lr * (float64(batch) / float64(reference))
}

// Scaled is another law with all its values times a factor.
type Scaled struct {
	Law Law
	By  float64
}

func (l Scaled) At(step uint64) float64 { return l.By * valueAt(l.Law, step) }
func (l Scaled) String() string         { return fmt.Sprintf("%g times %v", l.By, l.Law) }

func (l Scaled) Stretch(by float64) (Law, error) {
	law, err := Stretch(l.Law, by)
	return Scaled{law, l.By}, err
}

func (l Scaled) Fit(length float64) Law { return Scaled{Fit(l.Law, length), l.By} }

func (l Scaled) Check() error {
	s := settings{law: "Scaled"}
	s.factor("By", l.By)
	s.inner("Law", l.Law)
	return s.err()
}
