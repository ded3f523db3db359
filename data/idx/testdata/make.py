"""Writes IDX files with NumPy: element i of each is 7 i mod 23 - 11, halved if it
is a float and without the minus sign if it is uint8."""

import gzip
import os
import struct
import sys

import numpy as np

for number, dtype in [(8, ">u1"), (9, ">i1"), (11, ">i2"), (12, ">i4"), (13, ">f4"), (14, ">f8")]:
    values = 7 * np.arange(24) % 23
    if number != 8:
        values = values - 11
    if number > 12:
        values = values / 2
    array = values.reshape(4, 2, 3).astype(dtype)
    header = bytes([0, 0, number, array.ndim]) + struct.pack(">3I", *array.shape)
    name = os.path.join(sys.argv[1], np.dtype(dtype).name)
    with open(name + ".idx", "wb") as f:
        f.write(header + array.tobytes())
    if number == 13:
        with gzip.GzipFile(name + ".idx.gz", "wb", mtime=0) as f:
            f.write(header + array.tobytes())
