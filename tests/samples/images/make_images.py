"""Images that Pillow wrote and decoded, for lib/images/decode_test.ts: python3 make_images.py (Debian: python3-pil)"""

import base64
import json
import os

import numpy as np
from PIL import Image, ImageOps

here = os.path.dirname(os.path.abspath(__file__))
expected = {}
y, x = np.mgrid[0:11, 0:17]
color = np.stack([x * 15, y * 25, (x * y) % 256], axis=2).astype(np.uint8)
gray = (x * 7 + y * 11).astype(np.uint8)
alpha = np.dstack([color, (x * 16 % 256).astype(np.uint8)])


def encoded(array):
    return base64.b64encode(array.tobytes()).decode()


def keep(name, channels):
    image = ImageOps.exif_transpose(Image.open(os.path.join(here, name)))
    array = np.asarray(image.convert("L" if channels == 1 else "RGB"))
    expected[name] = {"channels": channels, "shape": list(array.shape), "pixels": encoded(array)}


def save(name, array, channels, **options):
    Image.fromarray(array).save(os.path.join(here, name), **options)
    keep(name, channels)


save("color.png", color, 3)
save("gray.png", gray, 1)
save("color.jpg", color, 3, quality=95)
save("progressive.jpg", color, 3, quality=90, progressive=True)
save("gray.jpg", gray, 1, quality=95)
save("lossless.webp", color, 3, lossless=True)
save("lossy.webp", color, 3, quality=90)
Image.fromarray(color).quantize(16).save(os.path.join(here, "palette.png"))
keep("palette.png", 3)
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    save(f"exif_{orientation}.png", color, 3, exif=exif)
    save(f"exif_{orientation}.webp", color, 3, lossless=True, exif=exif)
    # Blocks of 8 by 8, so that a turned image is the same one decoded.
    save(f"exif_{orientation}.jpg", np.kron(color[:2, :3], np.ones((8, 8, 1), np.uint8)), 3, quality=95, exif=exif)
# Over black, as Weft has it.
Image.fromarray(alpha).save(os.path.join(here, "alpha.png"))
Image.fromarray(alpha).save(os.path.join(here, "alpha.webp"), lossless=True, exact=True)
over = np.floor(color * (alpha[:, :, 3:] / 255) + 0.5).astype(np.uint8)
for name in ["alpha.png", "alpha.webp"]:
    expected[name] = {"channels": 3, "shape": list(over.shape), "pixels": encoded(over)}
# What is not decoded.
Image.fromarray(color).convert("CMYK").save(os.path.join(here, "cmyk.jpg"))
Image.fromarray(color).save(
    os.path.join(here, "animated.webp"), save_all=True, append_images=[Image.fromarray(color[::-1].copy())]
)
with open(os.path.join(here, "expected.json"), "w") as file:
    json.dump(expected, file, indent=2)
    file.write("\n")
