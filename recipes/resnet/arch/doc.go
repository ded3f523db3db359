// Package arch finds published networks for images by their names.
//
//	net, err := arch.Build("resnet20", arch.Input{Channels: 1, Height: 28, Width: 28}, 10)
//
// They are those of package nn/zoo: from resnet8 to resnet110 for images of some 32 x 32
// pixels (He et al., CVPR 2016, section 4.2), from resnet18 to resnet152 and others for
// those of 224 x 224.
package arch
