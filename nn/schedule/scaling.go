package schedule

// ScaleLinearly is the learning rate for another size of the batch by the linear scaling
// rule of Goyal et al. (arXiv:1706.02677): lr·batch/reference. Theirs is 0.1 for 256
// samples, which gives 1.6 for 4096. The batch is that of all workers, and the rule needs
// a warm-up; it holds up to some 8,000 images for ResNet-50. Without a reference the
// result is not finite, which Check refuses.
func ScaleLinearly(lr float64, reference, batch int) float64 {
	return lr * (float64(batch) / float64(reference))
}
