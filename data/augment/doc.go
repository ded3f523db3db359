// Package augment has the usual transforms of rows on their way into a batch: it
// turns, cuts, scales and normalises images and volumes, and adds noise to them.
//
// Each type is a [data.Transform], written down as a value and given to a
// pipeline:
//
//	.Map(augment.Crop{Field: "image", Size: []int{32, 32}, Pad: 4}, 2).
//	Map(augment.Flip{Field: "image"}, 2).
//	Map(augment.Normalize{Field: "image", Mean: mean, Std: std}, 2)
//
// Where something lies:
//
//   - [Flip], [Turn], [Crop] and [Transpose] move elements of float32, uint8 and
//     int64 in rows of up to eight axes; the first three move several fields
//     alike, such as an image and its mask.
//   - [Resize], [RandomResizedCrop] and [Rotate] interpolate the last two axes of
//     float32 and uint8.
//   - [Normalize] and [Scale] make float32 of uint8 or float32; [Power],
//     [Threshold] and [Noise] change float32.
//
// Rows are in the order of their axes in memory, channels first where there are
// any: (C, H, W) or (C, D, H, W). A transform that cannot do its work on the
// fields of a pipeline says so when the pipeline is made.
//
// What is random is drawn from the row's own numbers: it depends on the seed, the
// epoch, the row and the transform's place in the pipeline, never on the order of
// work. Nothing allocates once its scratch memory is warm.
package augment
