"""Writes layers.json: what PyTorch, in float64, makes of GELU, batch normalisation, smoothed and weighted cross-entropy,
and of a few steps of training with all of them. Numbers that go in are float32, so that Weft can have the same.

    python3 make_layers.py > layers.json
"""
import json

import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy, gelu

random = np.random.RandomState(7)


def drawn(*shape, scale=1.0, grad=False):
    values = (scale * random.standard_normal(shape)).astype(np.float32).astype(np.float64)
    return torch.tensor(values, requires_grad=grad)


def numbers(tensor):
    return [float(f"{value:.12g}") for value in tensor.detach().flatten().tolist()]


golden = {"torch": torch.__version__}

x = torch.tensor([-20, -8, -3, -1.5, -0.75, -0.125, 0, 0.125, 0.5, 1, 2.5, 6, 20], dtype=torch.float64, requires_grad=True)
y = gelu(x)
y.sum().backward()
golden["gelu"] = {"x": numbers(x), "y": numbers(y), "dx": numbers(x.grad)}

rows, columns = 5, 6
norm = nn.BatchNorm1d(columns).double()
with torch.no_grad():
    norm.weight.copy_(drawn(columns))
    norm.bias.copy_(drawn(columns))
    norm.running_mean.copy_(drawn(columns))
    norm.running_var.copy_(drawn(columns).abs() + 0.5)
case = {"rows": rows, "columns": columns, "weight": numbers(norm.weight), "bias": numbers(norm.bias)}
case["running"] = numbers(norm.running_mean) + numbers(norm.running_var)
x, dy = drawn(rows, columns, scale=2.0, grad=True), drawn(rows, columns)
case |= {"x": numbers(x), "dy": numbers(dy)}
y = norm(x)
y.backward(dy)
case |= {"y": numbers(y), "dx": numbers(x.grad), "dweight": numbers(norm.weight.grad), "dbias": numbers(norm.bias.grad)}
case["runningAfter"] = numbers(norm.running_mean) + numbers(norm.running_var)
case["evaluated"] = numbers(norm.eval()(x))
golden["batchNorm"] = case

rows, classes = 4, 5
logits = drawn(rows, classes, scale=2.0)
labels = [3, 0, 3, 4]
weights = torch.tensor([0.5, 1, 2, 3, 0.25], dtype=torch.float64)
golden["crossEntropy"] = []
for smoothing, weighted in [(0, True), (0.1, False), (0.3, True), (1, True)]:
    z = logits.clone().requires_grad_()
    used = weights if weighted else torch.ones(classes, dtype=torch.float64)
    loss = cross_entropy(z, torch.tensor(labels), weight=used if weighted else None, label_smoothing=smoothing)
    loss.backward()
    golden["crossEntropy"].append({
        "rows": rows, "classes": classes, "logits": numbers(z), "labels": labels, "smoothing": smoothing,
        "weights": numbers(used), "loss": float(f"{loss.item():.12g}"), "dLogits": numbers(z.grad),
    })

rows, sizes, rate, smoothing = 8, [6, 5, 4, 3], 0.1, 0.1
layers = []
for inputs, outputs in zip(sizes, sizes[1:]):
    linear = nn.Linear(inputs, outputs).double()
    with torch.no_grad():
        linear.weight.copy_(drawn(outputs, inputs, scale=0.7))
        linear.bias.zero_()
    layers += [linear] + ([nn.BatchNorm1d(outputs).double(), nn.GELU()] if outputs != sizes[-1] else [])
network = nn.Sequential(*layers)
linears = [layer for layer in layers if isinstance(layer, nn.Linear)]
norms = [layer for layer in layers if isinstance(layer, nn.BatchNorm1d)]
weights = torch.tensor([1, 2, 0.5], dtype=torch.float64)
pixels = random.randint(0, 256, (2 * rows, sizes[0]))
labels = random.randint(0, sizes[-1], 2 * rows)
case = {"rows": rows, "sizes": sizes, "learningRate": rate, "smoothing": smoothing, "classWeights": numbers(weights)}
case |= {"pixels": pixels.flatten().tolist(), "labels": labels.tolist(), "initial": [numbers(l.weight.T) for l in linears]}
optimizer = torch.optim.SGD(network.parameters(), lr=rate)
inputs, targets, losses = torch.tensor(pixels / 255), torch.tensor(labels), []
for step in range(6):
    batch = slice(step % 2 * rows, (step % 2 + 1) * rows)
    loss = cross_entropy(network(inputs[batch]), targets[batch], weight=weights, label_smoothing=smoothing)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(float(f"{loss.item():.12g}"))
case["losses"] = losses
case["weights"] = [numbers(l.weight.T) for l in linears]
case["norms"] = [[numbers(t) for t in (n.weight, n.bias, n.running_mean, n.running_var)] for n in norms]
case["logits"] = numbers(network.eval()(inputs))
golden["training"] = case

print(json.dumps(golden, indent=1))
