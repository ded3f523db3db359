// Package phantom draws pictures that stand for chest radiographs: an image of two dark
// lungs, a heart and ribs, in which each finding of ChestX-ray14 is a shape of its own
// that can be seen. A network that learns at all learns these, so they show whether a
// training works. They say nothing of how it would do on people.
//
//	img := phantom.Draw(1024, phantom.Subject{Patient: 7, FollowUp: 0, Labels: labels}, seed)
//
// The images of a patient share the outlines of body, lungs and heart; where findings
// are, how large and how bright, is drawn for each image.
package phantom
