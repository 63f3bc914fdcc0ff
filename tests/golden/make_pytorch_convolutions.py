"""Writes pytorch_convolutions.json beside this file: convolutional networks as PyTorch users define and save them.

Cases are as in make_pytorch_mlps.py. Images are bytes with the channels last, as Weft has them; PyTorch gets them first.

Ran with Debian 12's python3-torch (PyTorch 1.13.1): python3 make_pytorch_convolutions.py
"""

import base64
import copy
import json
from pathlib import Path

import torch
from torch import nn

import make_pytorch_mlps

HERE = Path(__file__).parent
ROWS = 4


class Attributes(nn.Module):
    """conv1, bn1, ..., fc1, which files sort as bn1, bn2, conv1, conv2, fc1."""

    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 6, 3, padding=1, bias=False), nn.BatchNorm2d(6)
        self.conv2, self.bn2 = nn.Conv2d(6, 8, 3, stride=2, groups=2), nn.BatchNorm2d(8, affine=False)
        self.fc1, self.fc2 = nn.Linear(32, 7), nn.Linear(7, 3)

    def forward(self, x):
        x = torch.relu(self.bn1(self.conv1(x)))
        x = torch.tanh(self.bn2(self.conv2(x)))
        return self.fc2(torch.relu(self.fc1(torch.flatten(x, 1))))


class Words(nn.Module):
    """Two layers of one shape whose names do not tell their order, and one beside the network."""

    def __init__(self):
        super().__init__()
        self.stem, self.body = nn.Conv2d(1, 1, (3, 2)), nn.Conv2d(1, 1, (3, 2))
        self.head, self.unused = nn.Linear(1, 2), nn.Linear(3, 3)

    def forward(self, x):
        return self.head(torch.tanh(self.body(torch.tanh(self.stem(x)))).mean((2, 3)))


CASES = {
    "nn.Sequential with pools": (
        {
            "network": "conv 4 3x3, batch-norm, relu, pool 2, conv 5 3x3, relu, avg-pool 2, dense 6, relu",
            "height": 8,
            "width": 9,
            "std": 0.5,
        },
        lambda: nn.Sequential(
            *(nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Conv2d(4, 5, 3, padding="same"), nn.ReLU(), nn.AvgPool2d(2)),
            *(nn.Flatten(), nn.Linear(20, 6), nn.ReLU(), nn.Dropout(), nn.Linear(6, 4)),
        ),
        (8, 9, 1),
    ),
    "attributes, colors, groups, strides, no bias": (
        {
            "network": "conv 6 3x3, batch-norm, relu, conv 8 3x3 stride 2 valid groups 2, batch-norm, tanh, dense 7, relu",
            "height": 5,
        },
        Attributes,
        (5, 5, 3),
    ),
    "words in an order that is given, standardized pixels without padding": (
        {
            "network": "conv 1 3x2 valid, tanh, conv 1 3x2 valid, tanh, global-average",
            "height": 7,
            "width": 6,
            "mean": 0.286,
            "std": 0.353,
            "layers": ["stem", "body", "head"],
        },
        Words,
        (7, 6, 1),
    ),
}


def run(name: str, options: dict, make, shape: tuple) -> dict:
    network = make()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.mul_(1.5)
        for layer in network.modules():
            if isinstance(layer, nn.BatchNorm2d):
                layer.running_mean.normal_(0, 0.3)
                layer.running_var.uniform_(0.5, 2)
        network.eval()
        tensors = {key: value for key, value in network.state_dict().items() if value.is_floating_point()}
        height, width, channels = shape
        pixels = torch.randint(0, 256, (ROWS, height, width, channels), dtype=torch.uint8)
        x = (pixels.permute(0, 3, 1, 2).double() / 255 - options.get("mean", 0)) / options.get("std", 1)
        probabilities = torch.softmax(copy.deepcopy(network).double()(x), dim=1)
    return {
        "name": name,
        "options": options,
        "safetensors": base64.b64encode(make_pytorch_mlps.save_file(tensors)).decode(),
        "pixels": base64.b64encode(pixels.numpy().tobytes()).decode(),
        "probabilities": probabilities.tolist(),
    }


def main() -> None:
    torch.manual_seed(42)
    document = {
        "source": f"PyTorch {torch.__version__}, tests/golden/make_pytorch_convolutions.py",
        "networks": [run(name, *case) for name, case in CASES.items()],
    }
    (HERE / "pytorch_convolutions.json").write_text(json.dumps(document, indent=1, allow_nan=False) + "\n")


if __name__ == "__main__":
    main()
