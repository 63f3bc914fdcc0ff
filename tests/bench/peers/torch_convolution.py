#!/usr/bin/env python3
"""Training steps of a network with two convolutions in PyTorch on the processor: a peer to be timed against.

    python3 tests/bench/peers/torch_convolution.py --channels 16,32 --dense 64 --threads 2 --steps 30
"""

from __future__ import annotations

import argparse
import json
import sys
from time import perf_counter

try:
    import torch
    from torch import nn
except ImportError as error:
    sys.exit(f"not installed: {error} (Debian: apt-get install python3-torch)")

BATCH, SIDE, CLASSES, WARM_UP = 128, 28, 10, 5


def network(channels: list[int], units: int) -> nn.Module:
    layers: list[nn.Module] = []
    inputs, side = 1, SIDE
    for outputs in channels:
        layers += [nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(), nn.MaxPool2d(2)]
        inputs, side = outputs, side // 2
    layers += [nn.Flatten(), nn.Linear(inputs * side * side, units), nn.ReLU(), nn.Linear(units, CLASSES)]
    return nn.Sequential(*layers).to(memory_format=torch.channels_last)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--channels", required=True)
    parser.add_argument("--dense", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--steps", type=int, required=True)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(42)
    model = network([int(text) for text in options.channels.split(",")], options.dense)
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.001)
    x = torch.rand(BATCH, 1, SIDE, SIDE).to(memory_format=torch.channels_last)
    y = torch.randint(0, CLASSES, (BATCH,))
    loss_of = nn.CrossEntropyLoss()
    steps = []
    for _ in range(WARM_UP + options.steps):
        start = perf_counter()
        optimizer.zero_grad()
        loss = loss_of(model(x), y)
        loss.backward()
        optimizer.step()
        steps.append((perf_counter() - start) * 1000)
    print(json.dumps({"version": torch.__version__, "stepMs": steps[WARM_UP:]}))


main()
