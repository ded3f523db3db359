#!/usr/bin/env python3
"""Makes the HDF5 files that the tests of package data read.

    python3 make.py [DIRECTORY]

Needs h5py. Element k (in row-major order) of a regular data set is
((7 k) mod 23 - shift) / scale, which every type here holds exactly.
"""
import os
import sys

import h5py
import numpy as np


def values(shape, dtype):
    kind = np.dtype(dtype).kind
    k = np.arange(np.prod(shape), dtype=np.int64)
    v = (7 * k) % 23 - (0 if kind == "u" else 11)
    return (v / (4 if kind == "f" else 1)).reshape(shape).astype(dtype)


def types(f):
    for order in "<>":
        for t in ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]:
            name = np.dtype(t).name + ("" if order == "<" else "_big")
            f.create_dataset(name, data=values((5, 2, 3), order + t))
    f.create_dataset("bool", data=np.array([[True, False], [False, True]]))
    f.create_dataset("extremes", data=np.array([1e300, -1e300, 1e-300, np.nan, np.inf, 16777217]))
    f.create_dataset("huge_int", data=np.array([2**63 - 1, -(2**63), 16777217], "i8"))
    f.create_dataset("huge_uint", data=np.array([2**64 - 1, 16777217], "u8"))


def layouts(f):
    x = values((21, 4, 5), "f4")
    f.create_dataset("contiguous", data=x)
    f.create_dataset("chunked", data=x, chunks=(4, 4, 5))
    f.create_dataset("split_rows", data=x, chunks=(4, 3, 2))
    f.create_dataset("gzip", data=x, chunks=(8, 4, 5), compression="gzip")
    f.create_dataset("gzip_split", data=x, chunks=(8, 3, 2), compression="gzip")
    f.create_dataset("gzip_shuffle_sum", data=x, chunks=(8, 4, 5), compression="gzip", shuffle=True, fletcher32=True)
    f.create_dataset("fletcher32", data=x, chunks=(8, 4, 5), fletcher32=True)
    f.create_dataset("vector", data=values((21,), "f8"))
    f.create_dataset("deep", data=values((21, 1, 2, 1, 2, 1, 2, 1), "f4"))
    f.create_dataset("group/nested/inside", data=x)
    f.create_dataset("unwritten", (21, 3), "f4", chunks=(7, 3), fillvalue=1.5)
    compact = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    compact.set_layout(h5py.h5d.COMPACT)
    d = h5py.h5d.create(f.id, b"compact", h5py.h5t.NATIVE_FLOAT, h5py.h5s.create_simple((21, 3)), compact)
    d.write(h5py.h5s.ALL, h5py.h5s.ALL, values((21, 3), "f4"))


def refused(f):
    f.create_dataset("good", data=values((4, 3), "f4"))
    f.create_dataset("string", data=np.array([b"muon", b"pion"]))
    f.create_dataset("text", data=["muon", "pion"], dtype=h5py.string_dtype())
    f.create_dataset("strings", data=np.array([[b"muon", b"pion"], [b"kaon", b"tau"]]))
    f.create_dataset("ragged", (2,), dtype=h5py.vlen_dtype(np.float32))
    f.create_dataset("compound", data=np.zeros(3, [("e", "f4"), ("n", "i4")]))
    f.create_dataset("complex", data=np.zeros(3, "c8"))
    f.create_dataset("array", (3,), np.dtype(("f4", (2, 2))))
    f.create_dataset("opaque", data=np.zeros(3, "V5"))
    f.create_dataset("reference", (2,), dtype=h5py.ref_dtype)
    f.create_dataset("longdouble", data=np.zeros(3, np.longdouble))
    f.create_dataset("scalar", data=3.5)
    f.create_dataset("null", data=h5py.Empty("f4"))
    f.create_dataset("no_rows", (0, 3), "f4", maxshape=(None, 3), chunks=(4, 3))
    f.create_dataset("no_columns", (3, 0), "f4")
    f.create_dataset("nine_axes", (2,) * 9, "f4")
    f.create_dataset("petabytes", (2**40, 25, 25, 25), "f4", chunks=(1, 25, 25, 25))
    f.create_dataset("overflow", (2**40, 2**40), "f4", chunks=(1, 25))
    f.create_dataset("chunk_2GiB", (2**20, 1024), "f4", chunks=(2**19, 1024))
    f.create_dataset("external", (4, 3), "f4", external=[("/etc/hostname", 0, 48)])
    layout = h5py.VirtualLayout((4, 3), "f4")
    layout[:] = h5py.VirtualSource("layouts.h5", "compact", (21, 3))[:4]
    f.create_virtual_dataset("virtual", layout)
    f["soft_link"] = h5py.SoftLink("/good")
    f["external_link"] = h5py.ExternalLink("layouts.h5", "contiguous")
    f.create_dataset("filter_lzf", data=values((8, 3), "f4"), chunks=(4, 3), compression="lzf")
    for name, number in [(b"filter_unknown", 31999), (b"filter_blosc", 32001)]:
        p = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        p.set_chunk((4, 3))
        p.set_filter(number, h5py.h5z.FLAG_OPTIONAL)
        h5py.h5d.create(f.id, name, h5py.h5t.NATIVE_FLOAT, h5py.h5s.create_simple((4, 3)), p)


def attributes(f):
    f["x"] = values((4, 3), "f4")
    f.attrs["text"] = "Grüße"
    f.attrs["bytes"] = np.bytes_(b"fixed")
    f.attrs["float32"] = np.float32(1.5)
    f.attrs["big_float64"] = np.array(2.5, ">f8")
    f.attrs["int8"] = np.int8(-3)
    f.attrs["uint64"] = np.uint64(7)
    f.attrs["huge"] = np.uint64(2**64 - 1)
    f.attrs["one"] = np.array([4], "i4")
    f.attrs["yes"] = True
    f.attrs["many"] = [1.0, 2.0]
    f.attrs["nothing"] = h5py.Empty("f4")
    f.attrs["complex"] = 1j
    f["x"].attrs["unit"] = "GeV"


def shower(f, first=0, rows=12, dtype="f4", big=False):
    f.create_dataset("ECAL", data=values((rows, 3, 4, 5), dtype) + first, chunks=(5, 3, 4, 5), compression="gzip", fletcher32=True)
    f.create_dataset("target", data=(np.arange(2 * rows).reshape(rows, 2) + 2 * first).astype(">f8" if big else "f4"))


def disagree(f):
    f["ECAL"] = values((6, 5, 4, 3), "f4")
    f["target"] = values((6, 2), "f4")


def unequal(f):
    f["ECAL"] = values((6, 3, 4, 5), "f4")
    f["target"] = values((5, 2), "f4")


def nan(f):
    x = values((6, 3, 4, 5), "f4")
    x[2, 1, 2, 3] = np.nan
    f["ECAL"] = x
    f["target"] = values((6, 2), "f4")
    f["target"][4, 1] = np.inf


def incomplete(f):
    f["x"] = values((4, 3), "f4")
    f.attrs["complete"] = 0


def cycle(f):
    f["x"] = values((4, 3), "f4")
    f["group/up"] = f["/"]


FILES = {
    "types": types,
    "layouts": layouts,
    "refused": refused,
    "attributes": attributes,
    "shower_0": lambda f: shower(f, 0, 12),
    "shower_1": lambda f: shower(f, 12, 7, "f8", True),
    "disagree": disagree,
    "unequal": unequal,
    "nan": nan,
    "incomplete": incomplete,
    "cycle": cycle,
}

if __name__ == "__main__":
    os.chdir(sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__)))
    for name, make in FILES.items():
        with h5py.File(name + ".h5", "w") as f:
            make(f)
    with h5py.File("latest.h5", "w", libver="latest") as f:
        layouts(f)
    with h5py.File("userblock.h5", "w", userblock_size=1024) as f:
        f["x"] = values((4, 3), "f4")
