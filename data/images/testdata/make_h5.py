"""Writes images.h5 with h5py: the JPEG files beside it as variable-length uint8 in
"train_jpg", four images as an array (H, W, C) in "train_img", and "train_labels"."""

import os
import sys

import h5py
import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
names = ["420.jpg", "444.jpg", "grey.jpg", "progressive.jpg"]
files = [np.fromfile(os.path.join(here, name), dtype=np.uint8) for name in names]
with h5py.File(sys.argv[1], "w") as f:
    jpg = f.create_dataset("train_jpg", (len(files),), dtype=h5py.vlen_dtype(np.uint8))
    for i, b in enumerate(files):
        jpg[i] = b
    img = (np.arange(4 * 10 * 12 * 3) % 251).astype(np.uint8).reshape(4, 10, 12, 3)
    f.create_dataset("train_img", data=img, chunks=(2, 10, 12, 3), compression="gzip", shuffle=True, fletcher32=True)
    f["train_labels"] = np.array([3, 1, 4, 1], dtype=">i4")
