#!/usr/bin/env python3
"""The network and the training of Weft, in plain NumPy: the independent oracle, and a peer to be timed against.

It shares no code with Weft, only the definition: a multilayer perceptron with softmax output, cross-entropy in nats,
weights from N(0, 1), biases zero, plain SGD, NumPy's legacy generator for everything random. tests/golden/ holds
losses that it printed; the benchmarks run it beside Weft and compare `epochSeconds`.

What is easy to get wrong:
- One RandomState(seed) draws W of every layer in order, then one permutation of the training rows an epoch. Weights
  are drawn in float64 and then cast, so float32 starts from the same network.
- The gradient divides by the batch's own number of rows, also in the short last batch. L1 and L2 add
  (l1 * sign(W) + l2 * W) / rows of the batch to the gradients of the weights, not of the biases.
- An epoch's training loss is (the sum of every row's loss, met before its batch's update, + the penalty of the weights
  as the epoch leaves them) / rows. The penalty counts once an epoch: l1 * sum|W| + l2 / 2 * sum W^2. The validation
  loss is the same over the validation rows, after the epoch. Sums of losses are float64 whatever --dtype is.
- By default the output bias stays zero, as in the baseline, whose gradient for it is one scalar that is always zero;
  --train-output-bias trains it.

Glossary: B rows of a batch, I inputs, H hidden units, O classes; W is I x H (inputs first), z = x W + b.
Units: losses in nats, epochSeconds in seconds of one epoch with its validation, shuffling included.

Needs NumPy and Fashion-MNIST (Debian: python3-numpy, dataset-fashion-mnist) or any IDX files whose classes divide by 5:

    python3 tests/bench/peers/numpy_baseline.py --epochs 2 --json
"""

from __future__ import annotations

import argparse
import ctypes
import json
import math
import re
import sys
from dataclasses import dataclass
from time import perf_counter
from typing import Callable, NamedTuple

try:
    import numpy as np
except ImportError:
    sys.exit("numpy_baseline: cannot import NumPy: install it (Debian: apt-get install python3-numpy)")

from numpy_dataset import SYSTEM_DATA_DIR, DataError, Dataset, load_dataset

SMALLEST_PROBABILITY = 1e-10


@dataclass(frozen=True)
class Config:
    """What a run depends on, apart from the data."""

    hidden: tuple[int, ...] = (100,)
    batch_size: int = 256
    learning_rate: float = 0.1
    epochs: int = 40
    l1: float = 0.0
    l2: float = 0.0
    seed: int = 42
    split_seed: int = 42
    activation: str = "sigmoid"
    dtype: str = "float64"
    train_output_bias: bool = False


def sigmoid(z: np.ndarray) -> np.ndarray:
    """1 / (1 + e^-z). The exponent stops at 80: e^80 still fits float32, and past it the result is as good as zero."""
    return 1 / (1 + np.exp(np.minimum(-z, 80)))


def softmax(z: np.ndarray) -> np.ndarray:
    """Row by row; subtracting the maximum changes nothing but the overflow."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


class Activation(NamedTuple):
    """A hidden activation and its derivative, the latter as a function of the activation's output."""

    forward: Callable[[np.ndarray], np.ndarray]
    derivative: Callable[[np.ndarray], np.ndarray]


ACTIVATIONS = {
    "sigmoid": Activation(sigmoid, lambda a: a * (1 - a)),
    "relu": Activation(lambda z: np.maximum(z, 0), lambda a: a > 0),
    "tanh": Activation(np.tanh, lambda a: 1 - a * a),
}


class Network:
    """A multilayer perceptron: `weights[k]` and `biases[k]` lead from layer k to layer k + 1."""

    def __init__(self, sizes: list[int], random: np.random.RandomState, config: Config):
        shapes = list(zip(sizes, sizes[1:]))
        self.config = config
        self.activation = ACTIVATIONS[config.activation]
        self.weights = [random.normal(0, 1, shape).astype(config.dtype) for shape in shapes]
        self.biases = [np.zeros(outputs, config.dtype) for _, outputs in shapes]

    def forward(self, x: np.ndarray) -> list[np.ndarray]:
        """The output of every layer, from the input (B x I) to the probabilities (B x O)."""
        outputs = [x]
        for w, b in zip(self.weights[:-1], self.biases[:-1]):
            outputs.append(self.activation.forward(outputs[-1] @ w + b))
        outputs.append(softmax(outputs[-1] @ self.weights[-1] + self.biases[-1]))
        return outputs

    def step(self, outputs: list[np.ndarray], labels: np.ndarray) -> None:
        """One update by plain SGD from the outputs of `forward`."""
        config, rows = self.config, len(labels)
        dz = outputs[-1].copy()
        dz[np.arange(rows), labels] -= 1
        dz /= rows
        for k in reversed(range(len(self.weights))):
            w, x = self.weights[k], outputs[k]
            dw = x.T @ dz
            if config.l1 or config.l2:
                dw += (config.l1 * np.sign(w) + config.l2 * w) / rows
            db = dz.sum(axis=0)
            if k > 0:
                dz = (dz @ w.T) * self.activation.derivative(x)
            w -= config.learning_rate * dw
            if k < len(self.weights) - 1 or config.train_output_bias:
                self.biases[k] -= config.learning_rate * db

    def penalty(self) -> float:
        """l1 * sum|W| + l2 / 2 * sum W^2 over all weights."""
        absolute = sum(np.abs(w).sum(dtype=np.float64) for w in self.weights)
        squared = sum(np.square(w).sum(dtype=np.float64) for w in self.weights)
        return float(self.config.l1 * absolute + self.config.l2 / 2 * squared)


def summed_loss(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """The sum of the rows' cross-entropies."""
    met = probabilities[np.arange(len(labels)), labels]
    clipped = np.clip(met, SMALLEST_PROBABILITY, 1 - SMALLEST_PROBABILITY)
    return float(-np.log(clipped).sum(dtype=np.float64))


def correct_count(probabilities: np.ndarray, labels: np.ndarray) -> int:
    return int(np.count_nonzero(probabilities.argmax(axis=1) == labels))


def train(data: Dataset, config: Config, on_epoch: Callable[[str], None] = lambda line: None) -> dict:
    """Trains from scratch; returns the curves and the final test accuracy under Weft's names."""
    rows, inputs = data.train_x.shape
    validation_rows = len(data.validation_y)
    random = np.random.RandomState(config.seed)
    network = Network([inputs, *config.hidden, data.classes], random, config)
    curves: dict[str, list[float]] = {
        name: []
        for name in ("trainLoss", "validationLoss", "trainAccuracy", "validationAccuracy", "epochSeconds")
    }
    for epoch in range(1, config.epochs + 1):
        start, loss, correct = perf_counter(), 0.0, 0
        order = random.permutation(rows)
        for first in range(0, rows, config.batch_size):
            batch = order[first : first + config.batch_size]
            labels = data.train_y[batch]
            outputs = network.forward(data.train_x[batch])
            loss += summed_loss(outputs[-1], labels)
            correct += correct_count(outputs[-1], labels)
            network.step(outputs, labels)
        penalty = network.penalty()
        probabilities = network.forward(data.validation_x)[-1]
        validation_loss = summed_loss(probabilities, data.validation_y)
        validation_correct = correct_count(probabilities, data.validation_y)

        curves["trainLoss"].append((loss + penalty) / rows)
        curves["validationLoss"].append((validation_loss + penalty) / validation_rows)
        curves["trainAccuracy"].append(correct / rows)
        curves["validationAccuracy"].append(validation_correct / validation_rows)
        curves["epochSeconds"].append(perf_counter() - start)
        latest = ", ".join(f"{name} {values[-1]:.6f}" for name, values in curves.items())
        on_epoch(f"epoch {epoch}: {latest}")
    test_accuracy = None
    if data.test is not None:
        test_x, test_y = data.test
        test_accuracy = correct_count(network.forward(test_x)[-1], test_y) / len(test_y)
    return {**curves, "testAccuracy": test_accuracy}


def config_json(data: Dataset, config: Config) -> dict:
    """The configuration under Weft's names."""
    return {
        "layers": [data.train_x.shape[1], *config.hidden, data.classes],
        "activation": config.activation,
        "batchSize": config.batch_size,
        "learningRate": config.learning_rate,
        "l1": config.l1,
        "l2": config.l2,
        "epochs": config.epochs,
        "seed": config.seed,
        "splitSeed": config.split_seed,
        "trainOutputBias": config.train_output_bias,
        "dtype": config.dtype,
    }


def blas_libraries() -> list[dict]:
    """The BLAS libraries that this process has mapped (Linux only), with what OpenBLAS says of itself."""
    try:
        with open("/proc/self/maps", encoding="utf-8") as maps:
            paths = sorted(set(re.findall(r"/\S*/lib[^/\s]*blas[^/\s]*", maps.read())))
    except OSError:
        return []
    libraries = []
    for path in paths:
        entry: dict = {"path": path}
        library = ctypes.CDLL(path)
        if hasattr(library, "openblas_get_config"):
            library.openblas_get_config.restype = ctypes.c_char_p
            entry["config"] = library.openblas_get_config().decode().strip()
            entry["threads"] = library.openblas_get_num_threads()
        libraries.append(entry)
    return libraries


def finite_or_null(value):
    """JSON has no NaN and no infinity: null stands for both, as in Weft's logs."""
    if isinstance(value, list):
        return [finite_or_null(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def positive_int(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number above zero")
    return int(text)


def positive_ints(text: str) -> tuple[int, ...]:
    return tuple(positive_int(part) for part in text.split(","))


def seed_number(text: str) -> int:
    if not text.isdecimal() or int(text) >= 2**32:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from 0 to 4294967295")
    return int(text)


def non_negative(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value >= 0):
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of zero or more")
    return value


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Weft's network and training in plain NumPy.")
    option = parser.add_argument
    option("--hidden", type=positive_ints, default=Config.hidden, metavar="N[,N...]")
    option("--batch-size", type=positive_int, default=Config.batch_size)
    option("--learning-rate", type=non_negative, default=Config.learning_rate)
    option("--epochs", type=positive_int, default=Config.epochs)
    option("--l1", type=non_negative, default=Config.l1)
    option("--l2", type=non_negative, default=Config.l2)
    option("--seed", type=seed_number, default=Config.seed)
    option("--split-seed", type=seed_number, default=Config.split_seed)
    option("--activation", choices=ACTIVATIONS, default=Config.activation)
    option("--dtype", choices=("float64", "float32"), default=Config.dtype)
    bias = parser.add_mutually_exclusive_group()
    bias.add_argument("--freeze-output-bias", dest="train_output_bias", action="store_false", help="the default")
    bias.add_argument("--train-output-bias", dest="train_output_bias", action="store_true")
    parser.set_defaults(train_output_bias=Config.train_output_bias)
    option("--data-dir", default=SYSTEM_DATA_DIR, help="folder with the four IDX files, plain or .gz")
    option("--json", action="store_true", help="print one JSON document when the run is over")
    return parser.parse_args()


def main() -> None:
    options = vars(parse_arguments())
    directory, as_json = options.pop("data_dir"), options.pop("json")
    config = Config(**options)
    try:
        data = load_dataset(directory, config.split_seed, config.dtype)
    except DataError as error:
        sys.exit(f"numpy_baseline: {error}")
    result = train(data, config, on_epoch=lambda line: None if as_json else print(line, flush=True))
    if not as_json:
        print(f"testAccuracy {result['testAccuracy']}")
        return
    document = {
        "source": f"NumPy {np.__version__} {config.dtype}",
        "config": config_json(data, config),
        **{name: finite_or_null(value) for name, value in result.items()},
        "numpy": np.__version__,
        "blas": blas_libraries(),
    }
    print(json.dumps(document, indent=1, allow_nan=False))


if __name__ == "__main__":
    main()
