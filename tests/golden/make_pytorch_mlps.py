"""Writes pytorch_mlps.json beside this file: networks as PyTorch users define and save them, and what PyTorch predicts.

Each case has the options of `import`, a safetensors file (base64) made of the network's own `state_dict()`, so that
names and shapes are PyTorch's, bytes of pictures (base64), and the probabilities of its forward pass with the parameters
as they were saved. The forward pass is in float64, so that what differs is Weft's rounding alone; the pixels are scaled
and standardised first, as torchvision's ToTensor and Normalize do it.

Debian has no package of the reference writer of safetensors, so `save_file` here lays a file out as that does: tensors
by the size of their type, largest first, and then by name; the header padded with spaces to 8 bytes.

Ran with Debian 12's python3-torch (PyTorch 1.13.1): python3 make_pytorch_mlps.py
"""

import base64
import copy
import json
import struct
from pathlib import Path

import torch
from torch import nn

HERE = Path(__file__).parent
ROWS = 6
CODES = {torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16"}


class Named(nn.Module):
    """Layers as attributes: fc1, fc2, ..., which files sort as fc1, fc10, fc11, fc2."""

    def __init__(self, sizes, activation):
        super().__init__()
        self.count, self.activation = len(sizes) - 1, activation
        for i in range(self.count):
            setattr(self, f"fc{i + 1}", nn.Linear(sizes[i], sizes[i + 1]))

    def forward(self, x):
        for i in range(1, self.count):
            x = self.activation(getattr(self, f"fc{i}")(x))
        return getattr(self, f"fc{self.count}")(x)


class Nested(nn.Module):
    """A Sequential inside a module: net.0, net.2, ..."""

    def __init__(self, *layers):
        super().__init__()
        self.net = nn.Sequential(*layers)

    def forward(self, x):
        return self.net(x)


class Words(nn.Module):
    """Layers whose names do not tell their order."""

    def __init__(self):
        super().__init__()
        self.input, self.hidden, self.output = nn.Linear(9, 9), nn.Linear(9, 9), nn.Linear(9, 3)

    def forward(self, x):
        return self.output(torch.tanh(self.hidden(torch.tanh(self.input(x)))))


CASES = {
    "nn.Sequential, relu": (
        {"activation": "relu"},
        lambda: nn.Sequential(nn.Linear(36, 12), nn.ReLU(), nn.Linear(12, 7), nn.ReLU(), nn.Linear(7, 4)),
        torch.float32,
    ),
    "nn.Sequential with dropout, standardised pixels": (
        {"activation": "relu", "mean": 0.286, "std": 0.353},
        lambda: nn.Sequential(nn.Flatten(), nn.Linear(36, 12), nn.ReLU(), nn.Dropout(), nn.Linear(12, 4)),
        torch.float32,
    ),
    "attributes, eleven of them, tanh": (
        {"activation": "tanh"},
        lambda: Named([9, 5, 4, 5, 4, 5, 4, 5, 4, 5, 4, 3], torch.tanh),
        torch.float32,
    ),
    "a Sequential in a module, no biases, float64, standardised pixels": (
        {"activation": "sigmoid", "height": 5, "width": 7, "mean": 0.5, "std": 0.25},
        lambda: Nested(nn.Linear(35, 8, bias=False), nn.Sigmoid(), nn.Linear(8, 5)),
        torch.float64,
    ),
    "words, in an order that is given": (
        {"activation": "tanh", "layers": ["input", "hidden", "output"]},
        Words,
        torch.float32,
    ),
    "a lone nn.Linear, float16": ({}, lambda: nn.Linear(16, 4), torch.float16),
    "nn.Sequential, bfloat16": (
        {"activation": "sigmoid"},
        lambda: nn.Sequential(nn.Linear(16, 6), nn.Sigmoid(), nn.Linear(6, 3)),
        torch.bfloat16,
    ),
}


def save_file(tensors: dict) -> bytes:
    """The bytes of a safetensors file; `tensors` by name."""
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name in sorted(tensors, key=lambda name: (-tensors[name].element_size(), name)):
        tensor = tensors[name].contiguous()
        # NumPy has no bfloat16: its bits are read as whole numbers.
        raw = tensor.view(torch.int16 if tensor.element_size() == 2 else tensor.dtype).numpy().tobytes()
        header[name] = {
            "dtype": CODES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [len(data), len(data) + len(raw)],
        }
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def run(name: str, options: dict, make, dtype: torch.dtype) -> dict:
    network = make().eval().to(dtype)
    with torch.no_grad():
        # Larger than PyTorch's initial weights, so that probabilities are of all sizes.
        for parameter in network.parameters():
            parameter.mul_(3)
        saved = save_file(network.state_dict())
        inputs = next(network.parameters()).shape[1]
        pixels = torch.randint(0, 256, (ROWS, inputs), dtype=torch.uint8)
        x = (pixels.double() / 255 - options.get("mean", 0)) / options.get("std", 1)
        probabilities = torch.softmax(copy.deepcopy(network).double()(x), dim=1)
    return {
        "name": name,
        "options": options,
        "safetensors": base64.b64encode(saved).decode(),
        "pixels": base64.b64encode(pixels.numpy().tobytes()).decode(),
        "probabilities": probabilities.tolist(),
    }


def main() -> None:
    torch.manual_seed(42)
    document = {
        "source": f"PyTorch {torch.__version__}, tests/golden/make_pytorch_mlps.py",
        "networks": [run(name, *case) for name, case in CASES.items()],
    }
    (HERE / "pytorch_mlps.json").write_text(json.dumps(document, indent=1, allow_nan=False) + "\n")


if __name__ == "__main__":
    main()
