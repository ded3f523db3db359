#!/usr/bin/env python3
"""Makes a file for each version of the format with data sets of every type,
layout and filter that h5py has, and beside it what h5py itself reads.

    python3 matrix.py DIRECTORY

NAME.json lists the data sets of NAME.h5: their name, the kind they are to be
read as, the shape of a row, and where their rows begin in NAME.raw.
"""
import ctypes
import json
import sys

import h5py
import numpy as np

rng = np.random.default_rng(20181)
TYPES = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]


def values(shape, dtype):
    """Numbers that use every bit of their type but are no NaN."""
    dtype = np.dtype(dtype)
    if dtype.kind == "f":
        x = rng.standard_normal(shape) * 100
        x[rng.random(shape) < 0.5] = 0
        return x.astype(dtype)
    info = np.iinfo(dtype)
    return rng.integers(info.min, info.max, shape, dtype.newbyteorder("="), endpoint=True).astype(dtype)


def of_every_type(f):
    for t in TYPES:
        for order in "<>":
            name = f"type/{order == '<'}_{t}"
            x = values((23, 3, 5), order + t)
            f.create_dataset(name + "_contiguous", data=x)
            f.create_dataset(name + "_chunks", data=x, chunks=(4, 2, 3))
            f.create_dataset(name + "_gzip", data=x, chunks=(5, 3, 5), compression="gzip", shuffle=True, fletcher32=True)
            f.create_dataset(name + "_compact", (23, 3, 5), order + t, dcpl=compact())[...] = x
    f.create_dataset("type/bool", data=rng.random((23, 4)) < 0.5, chunks=(4, 3), compression="gzip")
    for base in "<i2", ">u4":
        enum = h5py.enum_dtype({"photon": 1, "pion": 2, "kaon": 77}, base)
        f.create_dataset("type/enum" + base, data=rng.choice([1, 2, 77], 23).astype(base), dtype=enum)
        f.create_dataset("type/enum_compact" + base, (23,), enum, dcpl=compact())[...] = rng.choice([1, 2, 77], 23)


def compact():
    p = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    p.set_layout(h5py.h5d.COMPACT)
    return p


def of_every_filter(f):
    chain = {f"gzip{level}": {"compression": "gzip", "compression_opts": level} for level in range(10)}
    chain["shuffle"] = {"shuffle": True}
    chain["fletcher32"] = {"fletcher32": True}
    chain["lzf"] = {"compression": "lzf"}
    chain["lzf_shuffle"] = {"compression": "lzf", "shuffle": True}
    chain["all"] = {"compression": "gzip", "shuffle": True, "fletcher32": True}
    if h5py.h5z.filter_avail(h5py.h5z.FILTER_SZIP):
        chain["szip"] = {"compression": "szip"}
    for name, options in chain.items():
        for t in "<f4", ">f8", "<u2", "<i1":
            x = values((37, 6, 7), t)
            for chunks in (10, 6, 7), (1, 6, 7), (8, 4, 3), (37, 6, 7), (37, 1, 1), (3, 6, 2):
                f.create_dataset(f"filter/{name}_{t}_{'_'.join(map(str, chunks))}", data=x, chunks=chunks, **options)
    f.create_dataset("filter/scaleoffset_int", data=values((37, 6), "u1").astype("<i4"), chunks=(8, 3), scaleoffset=0)
    f.create_dataset("filter/scaleoffset_float", data=values((37, 6), "<f4"), chunks=(8, 6), scaleoffset=2)


def of_every_shape(f):
    for shape, chunks in [
        ((23,), (7,)), ((23,), (23,)), ((1,), (1,)), ((5, 1), (2, 1)), ((23, 3), (1, 1)), ((9, 8, 7, 6), (2, 3, 7, 6)),
        ((9, 8, 7, 6), (2, 8, 4, 6)), ((9, 8, 7, 6), (4, 8, 7, 5)), ((5, 2, 2, 2, 2, 2, 2, 3), (2, 1, 2, 1, 2, 1, 2, 2)),
    ]:
        for options in {}, {"compression": "gzip"}:
            name = f"shape/{'_'.join(map(str, shape + chunks))}_{len(options)}"
            f.create_dataset(name, data=values(shape, "f4"), chunks=chunks, **options)
    # Chunks larger than the data, along every axis that may grow.
    for options in {}, {"compression": "gzip", "fletcher32": True}:
        n = len(options)
        f.create_dataset(f"shape/unlimited_{n}", data=values((10, 3, 5), "f4"), chunks=(64, 8, 4), maxshape=(None, None, None), **options)
        f.create_dataset(f"shape/one_unlimited_{n}", data=values((10, 3), "f4"), chunks=(4, 8), maxshape=(None, 100), **options)
        d = f.create_dataset(f"shape/shrunk_{n}", data=values((40, 6), "i4"), chunks=(4, 4), maxshape=(None, None), **options)
        d.resize((21, 5))
        d = f.create_dataset(f"shape/grown_{n}", data=values((10, 6), "i4"), chunks=(4, 4), maxshape=(None, None), fillvalue=9, **options)
        d.resize((33, 9))


def partly_written(f):
    for order in "<>":
        for t, fill in ("f4", 1.5), ("i2", -3), ("u8", 2**63 + 5), ("f8", 0):
            for options in {}, {"compression": "gzip"}, {"shuffle": True, "fletcher32": True}:
                for fill_time in "ifset", "alloc", "never":
                    name = f"fill/{order == '<'}_{t}_{len(options)}_{fill_time}"
                    d = f.create_dataset(name, (30, 6), order + t, dcpl=filling(fill_time), chunks=(4, 4), fillvalue=fill, **options)
                    d[8:12, 0:4] = 7
                    d[20:24] = 5
            f.create_dataset(f"fill/{order == '<'}_{t}_contiguous", (30, 6), order + t, fillvalue=fill)
            f.create_dataset(f"fill/{order == '<'}_{t}_default", (30, 6), order + t, chunks=(7, 6))


def filling(when):
    p = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    p.set_fill_time({"ifset": h5py.h5d.FILL_TIME_IFSET, "alloc": h5py.h5d.FILL_TIME_ALLOC, "never": h5py.h5d.FILL_TIME_NEVER}[when])
    return p


def through_libhdf5(f):
    """What h5py has no name for: it and ctypes share one library."""
    lib = ctypes.CDLL(next(l.split()[-1] for l in open("/proc/self/maps") if "libhdf5_serial.so" in l or "libhdf5.so" in l or "libhdf5-" in l))
    x = values((21, 5), "i4") >> 8

    def plist(chunk):
        p = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        p.set_chunk(chunk)
        return p

    def create(name, p, data, kind=None):
        space = h5py.h5s.create_simple(data.shape)
        file_type = kind or h5py.h5t.py_create(data.dtype)
        d = h5py.h5d.create(f["odd"].id, name, file_type, space, p)
        d.write(h5py.h5s.ALL, h5py.h5s.ALL, np.ascontiguousarray(data))

    f.create_group("odd")
    p = plist((8, 3))
    assert lib.H5Pset_chunk_opts(ctypes.c_int64(p.id), 2) >= 0  # filters leave partial chunks out
    p.set_shuffle()
    p.set_deflate(4)
    create(b"raw_edges", p, x)
    p = plist((8, 5))
    assert lib.H5Pset_nbit(ctypes.c_int64(p.id)) >= 0
    t = h5py.h5t.STD_I32LE.copy()
    t.set_precision(25)
    create(b"nbit", p, x, t)
    t = h5py.h5t.STD_I32BE.copy()
    t.set_precision(25)
    t.set_offset(3)
    create(b"offset_bits", plist((8, 5)), x, t)
    t = h5py.h5t.STD_I32LE.copy()
    t.set_precision(24)
    t.set_size(3)
    create(b"three_bytes", plist((8, 5)), x >> 2, t)


FILL = [of_every_type, of_every_filter, of_every_shape, partly_written, through_libhdf5]
ODD = {"float128": "float64"}


def expect(f, name):
    """Writes what h5py reads from every data set of an open file."""
    sets = []

    def visit(path, d):
        if not isinstance(d, h5py.Dataset):
            return
        try:
            x = d[...]
        except TypeError:  # NumPy has no such integer
            x = np.zeros(d.shape, "i4")
            d.id.read(h5py.h5s.ALL, h5py.h5s.ALL, x)
        x = x.astype(x.dtype.newbyteorder("="))
        if x.dtype == bool:
            x = x.astype("i1")
        if x.dtype.name in ODD:
            x = x.astype(ODD[x.dtype.name])
        sets.append({"Name": path, "Kind": x.dtype.name, "Shape": list(x.shape), "Offset": raw.tell()})
        raw.write(np.ascontiguousarray(x).tobytes())

    with open(name + ".raw", "wb") as raw:
        f.visititems(visit)
    with open(name + ".json", "w") as out:
        json.dump(sets, out)


def main(directory):
    for name, options in {
        "earliest": {"libver": "earliest"},
        "v110": {"libver": ("v110", "v110")},
        "latest": {"libver": "latest", "track_order": True},
        "userblock": {"userblock_size": 8192},
        "latest_userblock": {"libver": "latest", "userblock_size": 512},
    }.items():
        path = f"{directory}/{name}"
        with h5py.File(path + ".h5", "w", **options) as f:
            for fill in FILL if "userblock" not in name else [of_every_shape, partly_written]:
                fill(f)
            if name == "earliest":
                f["odd/long_double"] = values((21, 3), "f8").astype(np.longdouble)
        with h5py.File(path + ".h5", "r") as f:
            expect(f, path)


main(sys.argv[1])
