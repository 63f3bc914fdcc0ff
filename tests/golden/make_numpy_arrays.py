"""Arrays of every type that NumPy writes, for lib/dataset/formats/npy_test.ts: python3 make_numpy_arrays.py"""

import io
import json
import os

import numpy as np

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "numpy_arrays")
os.makedirs(here, exist_ok=True)
expected = {}
arrays = {}
values = np.array([[0, 1, 2], [3, 100, 1]])
for kind in ["b1", "u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8"]:
    for order in "<>" if kind[1] != "1" else "|":
        for layout in "CF":
            name = f"{kind}_{ {'<': 'little', '>': 'big', '|': 'one'}[order] }_{layout}"
            array = np.array(values * (0.5 if kind[0] == "f" else 1)).astype(order + kind)
            arrays[name] = np.asarray(array, order=layout)
            expected[name] = {"shape": list(array.shape), "values": array.astype(float).ravel().tolist()}
cube = np.arange(24, dtype="<f4").reshape(2, 3, 4)
arrays["cube_F"] = np.asfortranarray(cube)
expected["cube_F"] = {"shape": [2, 3, 4], "values": cube.ravel().tolist()}
arrays["scalar"] = np.float32(2.5)
expected["scalar"] = {"shape": [], "values": [2.5]}
arrays["empty"] = np.zeros((0, 4), "<f4")
expected["empty"] = {"shape": [0, 4], "values": []}
np.savez(os.path.join(here, "stored.npz"), **arrays)
np.savez_compressed(os.path.join(here, "deflated.npz"), **arrays)
refused = {
    "objects": np.array([1, "a"], dtype=object),
    "text": np.array(["a", "bc"]),
    "complex": np.array([1j]),
    "records": np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f4")]),
    "large": np.array([2**60], dtype="i8"),
}
np.savez(os.path.join(here, "refused.npz"), **refused)
version2 = io.BytesIO()
np.lib.format.write_array(version2, cube, version=(2, 0))
open(os.path.join(here, "version2.npy"), "wb").write(version2.getvalue())
texts = np.array(["cat", "dog", "", "\u00e9\u96ea\U0001f431"])
np.savez(
    os.path.join(here, "texts.npz"),
    little=texts.astype("<U"),
    big=texts.astype(">U"),
    bytes=np.array([b"cat", b"dog", b"", b"x"]),
    fortran=np.asfortranarray(np.array([["a", "b"], ["c", "d"]])),
)
# Images of one bright line each, and which line it is; for tests/train/own_data_test.ts.
random = np.random.RandomState(0)
lines = random.randint(0, 4, 200)
images = random.randint(0, 90, (200, 5, 5))
images[np.arange(200), lines + 1] += 150
np.savez_compressed(
    os.path.join(here, "lines.npz"),
    x_train=images[:160].astype("u1"),
    y_train=lines[:160].astype("i8"),
    x_test=images[160:].astype("u1"),
    y_test=lines[160:].astype("i8"),
)
# IDX has no writer in NumPy, but NumPy writes its values: big-endian, row-major.
codes = {"u1": 8, "i1": 9, "i2": 11, "i4": 12, "f4": 13, "f8": 14}
for kind, code in codes.items():
    for shape in [(6,), (2, 3), (1, 2, 1, 3)]:
        array = np.array(values * (0.5 if kind[0] == "f" else 1)).astype(">" + kind).reshape(shape)
        with open(os.path.join(here, f"{kind}_{len(shape)}.idx"), "wb") as file:
            file.write(bytes([0, 0, code, len(shape)]) + np.array(shape, ">u4").tobytes() + array.tobytes())
with open(os.path.join(here, "expected.json"), "w") as file:
    json.dump(expected, file)
