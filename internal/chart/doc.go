// Package chart draws lines over a common axis into a PNG file, in the letters and
// colours of all our pictures.
//
//	err := chart.Chart{
//		Title: "Learning rate", X: "epoch", Y: "rate",
//		Lines: []chart.Line{{Name: "poly", XY: points}},
//	}.Write("rate.png")
package chart
