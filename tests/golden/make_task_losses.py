"""Losses and gradients of PyTorch for targets that are yes or no, and for numbers: python3 make_task_losses.py > task_losses.json

In float64, of logits that float32 holds. `weights` are of rows; losses are a mean over rows and outputs.
"""
import json

import torch
from torch.nn.functional import binary_cross_entropy_with_logits, huber_loss, mse_loss

torch.manual_seed(42)


def floats(*shape, scale=1.0):
    return (torch.randn(*shape) * scale).to(torch.float32).to(torch.float64)


def listed(values):
    return values.flatten().tolist()


cases = []
for rows, outputs in [(1, 1), (5, 1), (4, 3), (7, 6)]:
    logits = floats(rows, outputs, scale=3).requires_grad_()
    labels = (torch.rand(rows, outputs) < 0.4).to(torch.float64)
    numbers = floats(rows, outputs, scale=2)
    positive = torch.rand(outputs).to(torch.float32).to(torch.float64) * 3 + 0.5
    weights = torch.rand(rows).to(torch.float32).to(torch.float64) * 2
    column = weights[:, None]
    for name, values, loss in [
        ("yes and no", labels, lambda: binary_cross_entropy_with_logits(logits, labels)),
        ("yes and no, weighted", labels, lambda: binary_cross_entropy_with_logits(
            logits, labels, weight=column.expand(rows, outputs), pos_weight=positive)),
        ("squared", numbers, lambda: mse_loss(logits, numbers)),
        ("squared, weighted", numbers, lambda: (mse_loss(logits, numbers, reduction="none") * column).mean()),
        ("Huber", numbers, lambda: huber_loss(logits, numbers, delta=0.75)),
        ("Huber, weighted", numbers, lambda: (huber_loss(logits, numbers, delta=0.75, reduction="none") * column).mean()),
    ]:
        logits.grad = None
        value = loss()
        value.backward()
        weighted = name.endswith("weighted")
        cases.append({
            "name": name,
            "rows": rows,
            "outputs": outputs,
            "logits": listed(logits.detach()),
            "targets": listed(values),
            "positive": listed(positive) if weighted else [1] * outputs,
            "weights": listed(weights) if weighted else None,
            "delta": 0.75 if name.startswith("Huber") else 0,
            "loss": value.item(),
            "gradient": listed(logits.grad),
        })
print(json.dumps(cases, indent=1))
