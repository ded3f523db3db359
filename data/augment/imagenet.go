package augment

// ImageNet normalises images of bytes as networks that were trained on ImageNet expect them:
// by the mean and deviation that torchvision's published networks have, of red, green and
// blue in this order, and of images of one channel by the means of the three.
func ImageNet(field string, channels int) Normalize {
	if channels == 1 {
		return Normalize{Field: field, Mean: []float64{255 * 0.449}, Std: []float64{255 * 0.226}}
	}
	return Normalize{
		Field: field,
		Mean:  []float64{255 * 0.485, 255 * 0.456, 255 * 0.406},
		Std:   []float64{255 * 0.229, 255 * 0.224, 255 * 0.225},
	}
}
