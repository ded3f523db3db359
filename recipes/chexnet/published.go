package main

import "github.com/cascade-hpc/cascade/recipes/chexnet/nih"

// published is the AUROC of CheXNet for each finding (arXiv:1711.05225, table 2).
var published = [nih.Count]float64{
	0.8094, 0.9248, 0.8638, 0.7345, 0.8676, 0.7802, 0.7680, 0.8887,
	0.7901, 0.8878, 0.9371, 0.8047, 0.8062, 0.9164,
}

// publishedNote says what the column may be compared with.
const publishedNote = `CheXNet's column is of a random fifth of ChestX-ray14. On the official test list networks of its kind
are said to reach some 0.81 on average. For other images, drawn ones above all, it means nothing.`
