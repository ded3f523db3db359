// Package zoo declares published networks: functions from handles to handles and
// nothing else, to be built, applied, cut and changed like one's own.
//
//	g := nn.New("resnet50")
//	logits := zoo.ResNet50(g.Map("image", 3, 224, 224), 1000, zoo.ResNetOptions{ZeroInit: zoo.ZeroInAll})
//	net, err := g.Output("logits", logits).Build()
//
// What is published in variants has options, whose zero value is the usual network. Each
// network says where it was published, and the tests hold it to the published parameters
// and multiply-adds:
//
//	network          year  paper                parameters  MACs/10⁶  top-1
//	AlexNet          2012  NIPS 2012            60,965,224       724   57.1
//	AlexNetOWT       2014  arXiv:1404.5997      61,100,840       714
//	VGG16            2014  arXiv:1409.1556     138,357,544    15,470   71.5
//	GoogLeNet        2014  arXiv:1409.4842       6,998,552     1,583   68.7
//	InceptionV3      2015  arXiv:1512.00567     23,834,568     5,713   78.8
//	ResNet18         2015  arXiv:1512.03385     11,689,512     1,814   72.1 (10 crops)
//	ResNet34         2015  arXiv:1512.03385     21,797,672     3,664   75.0 (10 crops)
//	ResNet50         2015  arXiv:1512.03385     25,557,032     4,089   75.3 (v1)
//	ResNet101        2015  arXiv:1512.03385     44,549,160     7,801   76.4 (v1)
//	ResNet152        2015  arXiv:1512.03385     60,192,808    11,514   77.0 (v1)
//	WideResNet50     2016  arXiv:1605.07146     68,883,240    11,398   78.1
//	DenseNet121      2016  arXiv:1608.06993      7,978,856     2,834   75.0
//	CIFARResNet, 3   2015  arXiv:1512.03385        269,722      40.6   91.2 (CIFAR-10)
//	CIFARResNet, 9   2015  arXiv:1512.03385        853,018       125   93.0 (CIFAR-10)
//	EnergyGenerator  2022  EPJC 82, 386            872,808
//
// The accuracies are the authors' or, for AlexNet, VGG16 and GoogLeNet, those of the
// published Caffe models and MatConvNet's, in percent on the validation set of ImageNet and
// the centre of an image; none was measured here. Multiply-adds are of an image forward,
// with the taps in the padding, as tables count; [nn.Net.Summary] counts those inside of
// the image, a few percent less. The ones of v1.5 are listed: see [ResNetOptions].
package zoo
