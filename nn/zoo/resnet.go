package zoo

import "github.com/cascade-hpc/cascade/nn"

// ResNet50 is ResNet-50 (He et al., CVPR 2016) as is usual now, "v1.5", with the stride
// of a stage in its first convolution of 3x3: from images N x 3 x 224 x 224, or other
// sizes, to the logits of the classes. Weights start as in the paper (He et al., ICCV
// 2015).
//
// With 1000 classes it has 25,557,032 parameters, and an image of 224 x 224 takes
// 3,948,251,904 multiply-adds forward; tables that count taps in the padding too say
// 4,089,184,256.
func ResNet50(x nn.Map, classes int) nn.Vec {
	h := resNetConv(x, 64, nn.K(7, 7).Stride(2, 2).Pad(3, 3)).ReLU().
		MaxPool(nn.K(3, 3).Stride(2, 2).Pad(1, 1))
	for stage, blocks := range []int{3, 4, 6, 3} {
		for block := range blocks {
			stride := 1
			if stage > 0 && block == 0 {
				stride = 2
			}
			h = bottleneck(h, 64<<stage, stride)
		}
	}
	return h.GlobalAvgPool().Dense(classes).As("logits")
}

// bottleneck is a residual block of three convolutions, the middle one of 3x3 on a
// quarter of the result's channels.
func bottleneck(x nn.Map, width, stride int) nn.Map {
	short := x
	if stride != 1 || x.Channels() != 4*width {
		short = resNetConv(x, 4*width, nn.K(1, 1).Stride(stride, stride))
	}
	h := resNetConv(x, width, nn.K(1, 1)).ReLU()
	h = resNetConv(h, width, nn.K(3, 3).Stride(stride, stride).Pad(1, 1)).ReLU()
	return resNetConv(h, 4*width, nn.K(1, 1)).Add(short).ReLU()
}

// resNetConv is a convolution without bias, and batch normalisation behind it.
func resNetConv(x nn.Map, filters int, window nn.Spec) nn.Map {
	return x.Conv(filters, window.NoBias().Init(nn.HeNormal)).BatchNorm(nn.Momentum(0.9), nn.Epsilon(1e-5))
}
