"""Writes TFRecord files with protoc and a CRC-32C of its own.

Record i of packed.tfrecord, loose.tfrecord and packed.tfrecord.gz has the features
"label" (i - 2), "point" (i/2, -1e-3, i) , "name" ("row i") and "image" (six bytes i,
i+1, ...). sequence.tfrecord has a SequenceExample.
"""

import gzip
import os
import struct
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(data):
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def frame(data):
    length = struct.pack("<Q", len(data))
    return length + struct.pack("<I", masked(length)) + data + struct.pack("<I", masked(data))


def encode(message, text):
    command = ["protoc", "-I", HERE, "--encode=" + message, os.path.join(HERE, "example.proto")]
    return subprocess.run(command, input=text.encode(), stdout=subprocess.PIPE, check=True).stdout


def feature(name, kind, values):
    values = " ".join("value: " + v for v in values)
    return 'feature { key: "%s" value { %s { %s } } }' % (name, kind, values)


def row(i):
    image = "".join("\\%03o" % (i + k) for k in range(6))
    return "features { %s %s %s %s }" % (
        feature("label", "int64_list", [str(i - 2)]),
        feature("point", "float_list", [str(i / 2), "-0.001", str(i)]),
        feature("name", "bytes_list", ['"row %d"' % i]),
        feature("image", "bytes_list", ['"%s"' % image]),
    )


assert crc32c(b"123456789") == 0xE3069283  # the check value of the catalogue of CRCs
out = sys.argv[1]
packed = b"".join(frame(encode("Example", row(i))) for i in range(5))
with open(os.path.join(out, "packed.tfrecord"), "wb") as f:
    f.write(packed)
with gzip.GzipFile(os.path.join(out, "packed.tfrecord.gz"), "wb", mtime=0) as f:
    f.write(packed)
with open(os.path.join(out, "loose.tfrecord"), "wb") as f:
    f.write(b"".join(frame(encode("Unpacked", row(i))) for i in range(5)))
sequence = "context { %s } feature_lists { feature_list { key: %s value { feature { int64_list { value: 1 } } } } }"
with open(os.path.join(out, "sequence.tfrecord"), "wb") as f:
    f.write(frame(encode("Sequence", sequence % (feature("label", "int64_list", ["1"]), '"words"'))))
