"""Data for numpy_baseline.py: IDX files, plain or gzip, and the stratified split of scikit-learn.

Pixels become floats in [0, 1], one image a row, from top to bottom and from left to right.
"""

from __future__ import annotations

import gzip
import math
import os
from typing import NamedTuple

import numpy as np

SYSTEM_DATA_DIR = "/usr/share/datasets/fashion-mnist"
VALIDATION_PART = 5  # One row in five of every class validates.


class DataError(Exception):
    """The data cannot be used; the message is one line for the user."""


class Dataset(NamedTuple):
    """Rows of float pixels in [0, 1] with their labels; the test set is None where the folder has none."""

    train_x: np.ndarray
    train_y: np.ndarray
    validation_x: np.ndarray
    validation_y: np.ndarray
    test: tuple[np.ndarray, np.ndarray] | None
    classes: int


def stratified_split(labels: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Row numbers of the training part and of the validation part, drawn as scikit-learn's train_test_split does.

    Each class, in order, is permuted and cut in 4 : 1; then the training part is permuted, then the validation part.
    Where a class does not divide by 5, scikit-learn shares the rest out by a draw that is not copied here.
    """
    random = np.random.RandomState(seed)
    train_rows, validation_rows = [], []
    for label in np.unique(labels):
        of_class = np.flatnonzero(labels == label)
        validation_count, rest = divmod(len(of_class), VALIDATION_PART)
        if rest:
            raise DataError(
                f"cannot split class {label} in 4 : 1: it has {len(of_class)} rows; use a multiple of 5 a class"
            )
        shuffled = of_class[random.permutation(len(of_class))]
        train_rows.append(shuffled[:-validation_count])
        validation_rows.append(shuffled[-validation_count:])
    return random.permutation(np.concatenate(train_rows)), random.permutation(np.concatenate(validation_rows))


def read_idx(directory: str, name: str, dimensions: int) -> np.ndarray:
    """An IDX file of unsigned bytes, plain or with `.gz`, as an array of its own shape."""
    path = os.path.join(directory, name)
    try:
        with open(path, "rb") if os.path.exists(path) else gzip.open(path + ".gz", "rb") as file:
            content = file.read()
    except FileNotFoundError:
        raise DataError(
            f"cannot read {path}: neither it nor {name}.gz is there; install Fashion-MNIST (Debian: apt-get install "
            "dataset-fashion-mnist) or name its folder with --data-dir"
        ) from None
    except (OSError, EOFError) as error:
        raise DataError(f"cannot read {path}: {error}; fetch the file again") from None
    header_bytes = 4 + 4 * dimensions
    magic, *shape = (int.from_bytes(content[at : at + 4], "big") for at in range(0, header_bytes, 4))
    if magic != 0x800 + dimensions:
        raise DataError(f"cannot read {path}: it is no IDX file of bytes with {dimensions} dimension(s)")
    if len(content) != header_bytes + math.prod(shape):
        raise DataError(f"cannot read {path}: it has {len(content)} bytes, not what its header says: {shape}")
    return np.frombuffer(content, np.uint8, offset=header_bytes).reshape(shape)


def read_labeled(directory: str, prefix: str, dtype: str) -> tuple[np.ndarray, np.ndarray]:
    images = read_idx(directory, f"{prefix}-images-idx3-ubyte", 3)
    labels = read_idx(directory, f"{prefix}-labels-idx1-ubyte", 1)
    if len(images) != len(labels) or len(labels) == 0:
        raise DataError(f"cannot use {directory}: {len(images)} images with {len(labels)} labels ({prefix})")
    return images.reshape(len(images), -1).astype(dtype) / 255, labels


def load_dataset(directory: str, split_seed: int, dtype: str) -> Dataset:
    x, y = read_labeled(directory, "train", dtype)
    train_rows, validation_rows = stratified_split(y, split_seed)
    try:
        test = read_labeled(directory, "t10k", dtype)
    except DataError:
        if any(name.startswith("t10k-") for name in os.listdir(directory)):
            raise
        test = None
    return Dataset(x[train_rows], y[train_rows], x[validation_rows], y[validation_rows], test, int(y.max()) + 1)
