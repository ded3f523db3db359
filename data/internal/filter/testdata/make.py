"""Writes chunks.json: chunks as libhdf5 and the plugins' own encoders store them.

    HDF5_PLUGIN_PATH=... /usr/bin/python3 make.py chunks.json

Needs h5py; lzf is part of it. The plugins are those of Debian: lz4 of
hdf5-filter-plugin, bitshuffle of the package bitshuffle. zstd has no plugin
there, so its chunks are made by libzstd, as the plugin would.
"""

import base64
import ctypes
import json
import os
import struct
import sys
import tempfile
import zlib

import h5py
import numpy as np

zstd_library = ctypes.CDLL("libzstd.so.1")
zstd_library.ZSTD_compress.restype = ctypes.c_size_t


def zstd(data):
    out = ctypes.create_string_buffer(len(data) + 1024)
    n = zstd_library.ZSTD_compress(out, ctypes.c_size_t(len(out)), data, ctypes.c_size_t(len(data)), 3)
    return out.raw[:n]


def values(n, dtype, noise):
    """Showers are mostly zeros; noise cannot be compressed."""
    rng = np.random.default_rng(n)
    if noise:
        return np.frombuffer(rng.bytes(n * np.dtype(dtype).itemsize), dtype)
    x = rng.exponential(20, n) * (rng.random(n) < 0.3)
    return x.astype(dtype)


def stored_by_libhdf5(x, filters):
    """Returns what libhdf5 stores of x as one chunk, and its mask and steps."""
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "a.h5")
        with h5py.File(path, "w") as f:
            plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
            plist.set_chunk((len(x),))
            for number, params in filters:
                plist.set_filter(number, h5py.h5z.FLAG_OPTIONAL, tuple(params))
            space = h5py.h5s.create_simple((len(x),))
            d = h5py.h5d.create(f.id, b"x", h5py.h5t.py_create(x.dtype), space, plist)
            d.write(h5py.h5s.ALL, h5py.h5s.ALL, np.ascontiguousarray(x))
        with h5py.File(path, "r") as f:
            d = f["x"].id
            mask, data = d.read_direct_chunk((0,))
            plist = d.get_create_plist()
            steps = []
            for i in range(plist.get_nfilters()):
                number, _, params, _ = plist.get_filter(i)
                steps.append({"ID": number, "Params": list(params)})
            return data, mask, steps


def bitshuffled_zstd(x, block):
    """The chunk of bitshuffle's compressor 3, whose encoder Debian has not."""
    import bitshuffle

    size = x.dtype.itemsize
    data = struct.pack(">QI", x.nbytes, block * size)
    whole = len(x) // 8 * 8
    for at in range(0, whole, block):
        piece = zstd(bitshuffle.bitshuffle(x[at : min(at + block, whole)].copy(), block).tobytes())
        data += struct.pack(">I", len(piece)) + piece
    return data + x[whole:].tobytes()


GZIP, SHUFFLE, FLETCHER, LZF, LZ4, BITSHUFFLE, ZSTD = 1, 2, 3, 32000, 32004, 32008, 32015

cases = [
    ("gzip, level 1", "<f4", 1000, False, [(GZIP, [1])]),
    ("gzip, level 9", "<f4", 1000, False, [(GZIP, [9])]),
    ("gzip of noise", "<f4", 200, True, [(GZIP, [4])]),
    ("shuffle of bytes", "u1", 37, False, [(SHUFFLE, [])]),
    ("shuffle of two bytes", "<f2", 101, True, [(SHUFFLE, [])]),
    ("shuffle of four bytes", "<f4", 101, True, [(SHUFFLE, [])]),
    ("shuffle of eight bytes", "<f8", 101, True, [(SHUFFLE, [])]),
    ("shuffle of sixteen bytes", "<c16", 21, True, [(SHUFFLE, [])]),
    ("shuffle and gzip of doubles", ">f8", 500, False, [(SHUFFLE, []), (GZIP, [4])]),
    ("shuffle, gzip and fletcher32", "<i4", 500, False, [(SHUFFLE, []), (GZIP, [4]), (FLETCHER, [])]),
    ("fletcher32 before gzip", "<i4", 500, False, [(FLETCHER, []), (GZIP, [4])]),
    ("gzip twice", "<i4", 500, False, [(GZIP, [4]), (GZIP, [4])]),
    ("gzip three times", "<i4", 500, False, [(GZIP, [1]), (GZIP, [4]), (GZIP, [9])]),
    ("fletcher32 of one byte", "u1", 1, False, [(FLETCHER, [])]),
    ("fletcher32 of zeros", "u1", 0, False, [(FLETCHER, [])]),
    ("fletcher32 of an odd length", "u1", 3333, True, [(FLETCHER, [])]),
    ("fletcher32 of words", "<u2", 1600, True, [(FLETCHER, [])]),
    ("fletcher32 of all ones", "<u2", -4096, True, [(FLETCHER, [])]),
    ("lzf", "<f4", 1500, False, [(LZF, [])]),
    ("lzf with long references", "<u2", -5000, False, [(LZF, [])]),
    ("lzf of noise", "<f4", 200, True, [(LZF, [])]),
    ("shuffle, lzf and fletcher32", "<i8", 1000, False, [(SHUFFLE, []), (LZF, []), (FLETCHER, [])]),
    ("lz4", "<f4", 1500, False, [(LZ4, [])]),
    ("lz4 in blocks", "<f4", 1100, False, [(LZ4, [1024])]),
    ("lz4 in blocks of noise", "<f4", 700, True, [(LZ4, [1024])]),
    ("shuffle and lz4", "<i4", 2500, False, [(SHUFFLE, []), (LZ4, [4096])]),
    ("bitshuffle of bytes", "u1", 999, False, [(BITSHUFFLE, [])]),
    ("bitshuffle of two bytes", "<u2", 999, False, [(BITSHUFFLE, [])]),
    ("bitshuffle of four bytes", "<f4", 2500, False, [(BITSHUFFLE, [])]),
    ("bitshuffle of eight bytes", "<f8", 1300, False, [(BITSHUFFLE, [])]),
    ("bitshuffle in small blocks", "<f4", 300, False, [(BITSHUFFLE, [64])]),
    ("bitshuffle of fewer than eight", "<f4", 7, True, [(BITSHUFFLE, [])]),
    ("bitshuffle with lz4", "<f4", 5003, False, [(BITSHUFFLE, [0, 2])]),
    ("bitshuffle with lz4, small blocks", "<i8", 501, False, [(BITSHUFFLE, [32, 2])]),
    ("bitshuffle with lz4 of noise", "<f4", 203, True, [(BITSHUFFLE, [0, 2])]),
    ("bitshuffle with lz4 and fletcher32", "<i2", 5003, False, [(BITSHUFFLE, [0, 2]), (FLETCHER, [])]),
]


def main(path):
    out = []

    def add(name, x, stored, mask, steps):
        out.append({
            "Name": name, "Element": x.dtype.itemsize, "Steps": steps, "Mask": mask,
            "Plain": base64.b64encode(zlib.compress(x.tobytes(), 9)).decode(),
            "Stored": base64.b64encode(stored).decode(),
        })

    for name, dtype, n, noise, filters in cases:
        if n > 0:
            x = values(n, dtype, noise)
        elif n < 0:
            x = np.full(-n, 0xFFFF, dtype)
        else:
            x = np.zeros(64, dtype)
        add(name, x, *stored_by_libhdf5(x, filters))
    x = values(1500, "<f4", False)
    add("zstd", x, zstd(x.tobytes()), 0, [{"ID": ZSTD, "Params": [3]}])
    x = values(5003, "<f4", False)
    add("bitshuffle with zstd", x, bitshuffled_zstd(x, 2048), 0,
        [{"ID": BITSHUFFLE, "Params": [0, 4, 4, 0, 3, 3]}])
    with open(path, "w") as f:
        json.dump(out, f, indent=0)


main(sys.argv[1])
