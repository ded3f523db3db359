"""Writes images in the forms that JPEG and PNG have with Pillow, and what Pillow
makes of each to pillow.json: red, green and blue of each pixel."""

import json
import math
import os
import sys

from PIL import Image

WIDTH, HEIGHT = 20, 14
out = sys.argv[1]


def wave(x, y, k):
    return round(127 + 100 * math.sin(0.25 * x + 0.3 * k) * math.cos(0.2 * y - 0.9 * k))


rgb = Image.new("RGB", (WIDTH, HEIGHT))
rgb.putdata([tuple(wave(x, y, k) for k in range(3)) for y in range(HEIGHT) for x in range(WIDTH)])
rgba = rgb.copy()
rgba.putalpha(Image.linear_gradient("L").resize((WIDTH, HEIGHT)))
grey = rgb.convert("L")

files = {
    "420.jpg": (rgb, {"quality": 95, "subsampling": 2}),
    "422.jpg": (rgb, {"quality": 95, "subsampling": 1}),
    "444.jpg": (rgb, {"quality": 95, "subsampling": 0}),
    "progressive.jpg": (rgb, {"quality": 95, "progressive": True}),
    "grey.jpg": (grey, {"quality": 95}),
    "cmyk.jpg": (rgb.convert("CMYK"), {"quality": 95}),
    "rgb.png": (rgb, {}),
    "rgba.png": (rgba, {}),
    "grey.png": (grey, {}),
    "grey_alpha.png": (rgba.convert("LA"), {}),
    "palette.png": (rgb.quantize(16), {}),
    "bits.png": (grey.convert("1"), {}),
}
pillow = {}
for name, (image, options) in files.items():
    path = os.path.join(out, name)
    image.save(path, **options)
    with Image.open(path) as again:
        pillow[name] = list(again.convert("RGB").tobytes())
deep = Image.new("I;16", (WIDTH, HEIGHT))
deep.frombytes(b"".join((257 * v).to_bytes(2, "little") for v in grey.tobytes()))
deep.save(os.path.join(out, "deep.png"))
pillow["deep.png"] = [v for v in grey.tobytes() for _ in range(3)]
with open(os.path.join(out, "pillow.json"), "w") as f:
    json.dump({"height": HEIGHT, "width": WIDTH, "pixels": pillow}, f)
    f.write("\n")
