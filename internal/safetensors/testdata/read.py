"""Reads a safetensors file with the standard library alone and prints it as JSON."""
import json
import struct
import sys

CODES = {"F32": "f", "F64": "d", "I64": "q", "U64": "Q", "U8": "B"}

with open(sys.argv[1], "rb") as file:
    blob = file.read()
(size,) = struct.unpack_from("<Q", blob)
header = json.loads(blob[8 : 8 + size])
assert (8 + size) % 8 == 0, "the data are not aligned"
result = {"metadata": header.pop("__metadata__", {}), "tensors": {}}
for name, entry in header.items():
    begin, end = entry["data_offsets"]
    values = [x for (x,) in struct.iter_unpack("<" + CODES[entry["dtype"]], blob[8 + size + begin : 8 + size + end])]
    assert (8 + size + begin) % struct.calcsize("<" + CODES[entry["dtype"]]) == 0, name + " is not aligned"
    result["tensors"][name] = {"dtype": entry["dtype"], "shape": entry["shape"], "values": values}
json.dump(result, sys.stdout)
