#!/usr/bin/env python3
"""Makes the HDF5 files that the tests of package hdf5 damage.

    python3 make.py [DIRECTORY]

Needs h5py. Element k of a data set is ((7 k) mod 23 - 11) / 4. The files named
earliest are as HDF5 1.8 writes them, without checksums on metadata; in those
named latest, metadata have checksums.
"""
import os
import sys

import h5py
import numpy as np


def values(shape, dtype):
    k = np.arange(np.prod(shape), dtype=np.int64)
    return (((7 * k) % 23 - 11) / 4).reshape(shape).astype(dtype)


def fill(f, grows, options):
    """Chunks of whole rows, chunks that cut rows, and several levels of index."""
    f.attrs["model"] = "damage"
    for name, shape, dtype, chunk in (
        ("ECAL", (50, 5, 5), "<f4", (8, 5, 5)),
        ("calo/HCAL", (50, 6), ">f8", (3, 4)),
        ("energy", (50,), "<f8", (16,)),
    ):
        more = dict(options, chunks=chunk) if options else {}
        if grows:
            more["maxshape"] = (None,) * len(shape)
        f.create_dataset(name, data=values(shape, dtype), **more)


directory = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
for libver in "earliest", "latest":
    for name, grows, options in (
        ("contiguous", False, {}),
        ("fletcher32", False, {"fletcher32": True}),
        ("resizable", True, {"fletcher32": True}),
        ("gzip", False, {"compression": "gzip", "shuffle": True}),
        ("gzip_fletcher32", True, {"compression": "gzip", "fletcher32": True}),
    ):
        with h5py.File(os.path.join(directory, f"{libver}_{name}.h5"), "w", libver=libver) as f:
            fill(f, grows, options)
