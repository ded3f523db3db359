package main

// published is an efficiency that others measured on their cluster.
type published struct {
	nodes   int
	percent float64
	by      string
}

// publications are the points that the picture of a step shows beside what is simulated.
var publications = map[string][]published{
	"resnet50": {
		// Intel Caffe with MLSL on nodes of a Xeon Phi 7250 of Stampede2, 16 images a node, 12,526
		// images/s: Intel's slides of 2018, where points of up to 64 nodes were projected.
		{256, 97, "published: Intel Caffe, 2018"},
		// TensorFlow 1.6 with Horovod on nodes of two Xeon 8160 of Stampede2, 16,400 images/s:
		// the same slides.
		{256, 81, "published: TensorFlow + Horovod, 2018"},
	},
	"3dgan": {
		// Vallecorsa et al., LNCS 11203, chapter 35, 2018: above 94% on Stampede2.
		{128, 94, "published: above 94%, LNCS 11203"},
		// Intel's slides of 2018.
		{128, 93, "published: 93%, slides of 2018"},
	},
}
