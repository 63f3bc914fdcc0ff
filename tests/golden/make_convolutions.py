"""Writes convolutions.json: what PyTorch, in float64, makes of networks with convolutions: the gradients of the first step,
the losses of ten steps of SGD, the tensors after them, and the logits of the network that is used. Numbers that go in are
float32, so that Weft can have the same; tensors have PyTorch's shapes and order.

    python3 make_convolutions.py > convolutions.json
"""
import json
import re

import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy, pad

random = np.random.RandomState(11)
STEPS = 10


def drawn(*shape, scale=1.0):
    return torch.tensor((scale * random.standard_normal(shape)).astype(np.float32).astype(np.float64))


def numbers(tensor):
    return [float(f"{value:.9g}") for value in tensor.detach().flatten().tolist()]


class SameConv(nn.Module):
    """Pads to ceil(size / stride) positions, an odd row below and an odd column to the right."""

    def __init__(self, inputs, outputs, kernel, stride, groups, valid, bias):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, groups=groups, bias=bias)
        self.kernel, self.stride, self.valid = kernel, stride, valid

    def forward(self, x):
        if self.valid:
            return self.conv(x)
        sides = []
        for size, window in zip(x.shape[2:], self.kernel):
            total = max(0, (-(-size // self.stride) - 1) * self.stride + window - size)
            sides = [total // 2, total - total // 2] + sides
        return self.conv(pad(x, sides))


def build(text, shape, classes):
    """The modules in order, and those with tensors by the names that Weft gives them."""
    channels, height, width = shape
    x = torch.zeros(2, channels, height, width, dtype=torch.float64)
    modules, named, number = [], {}, 0
    words = [layer.split() for layer in text.split(", ")] + [["dense", str(classes)]]
    for i, word in enumerate(words):
        followed = i + 1 < len(words) and words[i + 1][0] == "batch-norm"
        kind = word[0]
        if kind == "conv":
            outputs, kernel = int(word[1]), tuple(int(size) for size in word[2].split("x"))
            more = " ".join(word[3:])
            stride = int((re.search(r"stride (\d+)", more) or [0, 1])[1])
            groups = int((re.search(r"groups (\d+)", more) or [0, 1])[1])
            module = SameConv(x.shape[1], outputs, kernel, stride, groups, "valid" in more, not followed)
            named[f"layers.{number}"] = module.conv
            number += 1
        elif kind == "dense":
            if x.dim() > 2:
                modules.append(nn.Flatten())
                x = x.flatten(1)
            module = nn.Linear(x.shape[1], int(word[1]), bias=not followed)
            named[f"layers.{number}"] = module
            number += 1
        elif kind == "batch-norm":
            module = (nn.BatchNorm2d if x.dim() > 2 else nn.BatchNorm1d)(x.shape[1])
            named[f"layers.{number - 1}.norm"] = module
        elif kind == "pool":
            module = nn.MaxPool2d(int(word[1]))
        elif kind == "avg-pool":
            module = nn.AvgPool2d(int(word[1]))
        elif kind == "global-average":
            module = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
        else:
            module = {"relu": nn.ReLU, "tanh": nn.Tanh, "gelu": nn.GELU}[kind]()
        module = module.double()
        modules.append(module)
        x = module.eval()(x)  # For its shape, and for nothing else.
    return nn.Sequential(*modules), named


def tensors(named, of):
    found = {}
    for name, module in named.items():
        for key, value in module.named_parameters():
            found[f"{name}.{key}"] = numbers(of(value))
    return found


def case(text, shape, rows, classes=3, rate=0.05):
    network, named = build(text, shape, classes)
    with torch.no_grad():
        for module in named.values():
            if not isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
                fan_in = module.weight[0].numel()
                module.weight.copy_(drawn(*module.weight.shape, scale=1.2 / fan_in ** 0.5))
                if module.bias is not None:
                    module.bias.copy_(drawn(*module.bias.shape, scale=0.1))
    pixels = random.randint(0, 256, (rows, *shape))
    labels = random.randint(0, classes, rows)
    x, y = torch.tensor(pixels / 255.0), torch.tensor(labels)
    result = {
        "layers": text,
        "shape": [shape[1], shape[2], shape[0]],
        "rows": rows,
        "classes": classes,
        "learningRate": rate,
        # Channels side by side, as Weft has them.
        "pixels": pixels.transpose(0, 2, 3, 1).flatten().tolist(),
        "labels": labels.tolist(),
        "initial": tensors(named, lambda value: value),
        "losses": [],
    }
    network.train()
    optimizer = torch.optim.SGD(network.parameters(), lr=rate)
    for step in range(STEPS):
        optimizer.zero_grad()
        loss = cross_entropy(network(x), y)
        loss.backward()
        result["losses"].append(float(f"{loss.item():.9g}"))
        if step == 0:
            result["gradients"] = tensors(named, lambda value: value.grad)
        optimizer.step()
    result["trained"] = tensors(named, lambda value: value)
    for name, module in named.items():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            result["trained"][f"{name}.running_mean"] = numbers(module.running_mean)
            result["trained"][f"{name}.running_var"] = numbers(module.running_var)
    result["logits"] = numbers(network.eval()(x))
    return result


CASES = [
    case("conv 4 3x3, batch-norm, relu, pool 2, conv 5 3x3, batch-norm, relu, pool 2, dense 6, relu", (1, 9, 8), 6),
    case("conv 6 3x2 stride 2, gelu, conv 6 3x3 groups 3, tanh, avg-pool 2, dense 4, tanh", (3, 7, 9), 5),
    case("conv 4 1x1, relu, conv 4 3x3 groups 4, batch-norm, gelu, conv 5 2x3 valid, gelu, global-average", (2, 6, 5), 5),
    case("conv 3 5x5 stride 3 valid, tanh, conv 4 7x7, tanh", (1, 11, 8), 4),
]
print(json.dumps({"torch": torch.__version__, "cases": CASES}))
