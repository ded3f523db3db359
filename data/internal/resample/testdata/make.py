"""Writes pillow.json: an image and what Pillow's bilinear filter makes of it."""

import json
import random
import sys

from PIL import Image

HEIGHT, WIDTH = 23, 31
random.seed(1)
pixels = [random.randrange(256) for _ in range(HEIGHT * WIDTH)]
image = Image.frombytes("L", (WIDTH, HEIGHT), bytes(pixels))
cases = []
for top, left, height, width, h, w in [
    (0, 0, 23, 31, 10, 10),  # smaller
    (0, 0, 23, 31, 40, 50),  # larger
    (0, 0, 23, 31, 23, 31),  # the same
    (0, 0, 23, 31, 5, 60),  # smaller and larger
    (3, 4, 17, 21, 16, 16),  # a box
    (22, 30, 1, 1, 3, 2),  # a pixel
    (0, 0, 23, 31, 1, 1),  # to a pixel
]:
    box = image.crop((left, top, left + width, top + height))
    scaled = box.resize((w, h), Image.BILINEAR)
    cases.append({"box": [top, left, height, width], "size": [h, w], "pixels": list(scaled.tobytes())})
with open(sys.argv[1], "w") as f:
    json.dump({"height": HEIGHT, "width": WIDTH, "pixels": pixels, "cases": cases}, f)
    f.write("\n")
