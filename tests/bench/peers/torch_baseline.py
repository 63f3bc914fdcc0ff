#!/usr/bin/env python3
"""The baseline network and its training in PyTorch on the processor: a peer to be timed against.

Data, split, weights and the order of rows are numpy_baseline.py's, so the losses can be compared.

    python3 tests/bench/peers/torch_baseline.py --epochs 2 --json
"""

from __future__ import annotations

import argparse
import json
import sys
from time import perf_counter

try:
    import numpy as np
    import torch
except ImportError as error:
    sys.exit(f"not installed: {error} (Debian: apt-get install python3-torch)")

from numpy_dataset import SYSTEM_DATA_DIR, DataError, load_dataset

SEED, HIDDEN, BATCH_SIZE, LEARNING_RATE = 42, 100, 256, 0.1
LARGEST_LOSS = -float(np.log(1e-10))


def train(data, epochs: int) -> dict:
    """Trains from scratch; returns curves under Weft's names."""
    random = np.random.RandomState(SEED)
    rows, inputs = data.train_x.shape
    hidden = torch.nn.Linear(inputs, HIDDEN)
    output = torch.nn.Linear(HIDDEN, data.classes, bias=False)  # The baseline's output bias stays zero.
    with torch.no_grad():
        for layer in (hidden, output):
            weights = random.normal(0, 1, (layer.in_features, layer.out_features))
            layer.weight.copy_(torch.from_numpy(weights.astype(np.float32).T))
        hidden.bias.zero_()
    network = torch.nn.Sequential(hidden, torch.nn.Sigmoid(), output)
    optimizer = torch.optim.SGD(network.parameters(), lr=LEARNING_RATE)
    losses_of = torch.nn.CrossEntropyLoss(reduction="none")
    train_x, train_y, validation_x, validation_y = (
        torch.from_numpy(np.ascontiguousarray(array))
        for array in (data.train_x, data.train_y.astype(np.int64), data.validation_x, data.validation_y.astype(np.int64))
    )

    curves: dict[str, list[float]] = {"trainLoss": [], "validationLoss": [], "epochSeconds": []}
    for _ in range(epochs):
        start, loss = perf_counter(), 0.0
        order = torch.from_numpy(random.permutation(rows))
        for batch in order.split(BATCH_SIZE):
            losses = losses_of(network(train_x[batch]), train_y[batch])
            optimizer.zero_grad()
            losses.mean().backward()
            optimizer.step()
            loss += losses.detach().clamp(max=LARGEST_LOSS).sum(dtype=torch.float64).item()
        with torch.no_grad():
            losses = losses_of(network(validation_x), validation_y).clamp(max=LARGEST_LOSS)
        curves["trainLoss"].append(loss / rows)
        curves["validationLoss"].append(losses.sum(dtype=torch.float64).item() / len(validation_y))
        curves["epochSeconds"].append(perf_counter() - start)
    return curves


def main() -> None:
    parser = argparse.ArgumentParser(description="Weft's baseline network in PyTorch.")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--data-dir", default=SYSTEM_DATA_DIR)
    parser.add_argument("--json", action="store_true", help="print JSON on one line")
    options = parser.parse_args()
    try:
        data = load_dataset(options.data_dir, SEED, "float32")
    except DataError as error:
        sys.exit(f"torch_baseline: {error}")
    note = f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads"
    print(json.dumps({"note": note, **train(data, options.epochs)}, indent=None if options.json else 1))


if __name__ == "__main__":
    main()
