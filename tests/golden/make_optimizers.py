"""Writes optimizers.json beside this file: weights step by step under PyTorch's optimizers, and the rates of its schedulers.

The tensors of a case, two of weights and one of biases, get the same random gradients at each of 20 steps (they do not
depend on the weights), and another learning rate. `penalties`, l1 and l2, are of a whole loss of which a batch of 4 rows
has its share: (l1 sign(w) + l2 w) / 4 is added to the gradients of weights, after these have been clipped. Weight decay is
of weights alone. All in float64; what goes in is rounded to float32 first, results have 9 decimals.

Ran with Debian 12's python3-torch (PyTorch 1.13.1): python3 make_optimizers.py
"""

import json
import warnings
from pathlib import Path

import torch
from torch.nn.utils import clip_grad_norm_
from torch.optim import SGD, Adam, AdamW, RMSprop
from torch.optim import lr_scheduler

HERE = Path(__file__).parent
STEPS, BATCH_ROWS = 20, 4
SHAPES = {"layers.0.weight": [2, 3], "layers.0.bias": [1, 2], "layers.1.weight": [1, 5]}

PENALTIES = {"l1": 0.5, "l2": 0.25}
CASES = {
    "sgd": {"optimizer": "sgd"},
    "sgd, penalties, clipped": {"optimizer": "sgd", "clipNorm": 1.5, **PENALTIES},
    "momentum": {"optimizer": "momentum"},
    "momentum 0.5, penalties": {"optimizer": "momentum", "momentum": 0.5, **PENALTIES},
    "nesterov, l2, clipped": {"optimizer": "momentum", "nesterov": True, "l2": 0.25, "clipNorm": 2},
    "adam": {"optimizer": "adam"},
    "adam, other betas, penalties": {"optimizer": "adam", "beta1": 0.5, "beta2": 0.95, "epsilon": 0.01, **PENALTIES},
    "adam, clipped": {"optimizer": "adam", "clipNorm": 1},
    "adamw": {"optimizer": "adamw"},
    "adamw, much decay, l1, clipped": {"optimizer": "adamw", "weightDecay": 0.5, "l1": 0.5, "clipNorm": 1.5},
    "rmsprop": {"optimizer": "rmsprop"},
    "rmsprop, alpha 0.5, penalties, clipped": {
        "optimizer": "rmsprop", "alpha": 0.5, "epsilon": 0.01, "clipNorm": 2, **PENALTIES,
    },
}


def make_optimizer(case, weights, biases):
    """Biases are a group of their own, without weight decay."""
    name, groups = case["optimizer"], [{"params": weights}, {"params": biases, "weight_decay": 0}]
    betas = (case.get("beta1", 0.9), case.get("beta2", 0.999))
    eps = case.get("epsilon", 1e-8)
    if name == "sgd":
        return SGD(groups, lr=1)
    if name == "momentum":
        return SGD(groups, lr=1, momentum=case.get("momentum", 0.9), nesterov=case.get("nesterov", False))
    if name == "adam":
        return Adam(groups, lr=1, betas=betas, eps=eps)
    if name == "adamw":
        return AdamW(groups, lr=1, betas=betas, eps=eps, weight_decay=case.get("weightDecay", 0.01))
    return RMSprop(groups, lr=1, alpha=case.get("alpha", 0.99), eps=eps)


def run(case, start, gradients, rates):
    tensors = {name: torch.nn.Parameter(values.clone()) for name, values in start.items()}
    weights = [tensor for name, tensor in tensors.items() if "weight" in name]
    biases = [tensor for name, tensor in tensors.items() if "bias" in name]
    optimizer = make_optimizer(case, weights, biases)
    steps = []
    for rate, given in zip(rates, gradients):
        for group in optimizer.param_groups:
            group["lr"] = rate
        for name, tensor in tensors.items():
            tensor.grad = given[name].clone()
        if "clipNorm" in case:
            clip_grad_norm_(tensors.values(), case["clipNorm"])
        for tensor in weights:
            w = tensor.detach()
            tensor.grad += (case.get("l1", 0) * w.sign() + case.get("l2", 0) * w) / BATCH_ROWS
        optimizer.step()
        steps.append({name: rounded(tensor) for name, tensor in tensors.items()})
    return steps


def rounded(tensor):
    return [round(value, 9) for value in tensor.detach().flatten().tolist()]


def rates_of(epochs, batches, make):
    """Rates of every step, with a base rate of 0.1."""
    optimizer = SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
    scheduler = make(optimizer, epochs * batches, batches)
    rates = []
    for _ in range(epochs * batches):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates


def warm(optimizer, steps, then):
    """1 / steps, 2 / steps, ..., 1 and then another scheduler."""
    rise = lr_scheduler.LinearLR(optimizer, start_factor=1 / steps, total_iters=steps - 1)
    return lr_scheduler.SequentialLR(optimizer, [rise, then], milestones=[steps])


SCHEDULES = {
    "step": ({"schedule": "step", "scheduleStep": 2, "scheduleFactor": 0.3}, 7, 5,
             lambda o, steps, batches: lr_scheduler.StepLR(o, 2 * batches, 0.3)),
    "cosine": ({"schedule": "cosine"}, 4, 9, lambda o, steps, _: lr_scheduler.CosineAnnealingLR(o, steps)),
    "cosine after a warm-up of a quarter": (
        {"schedule": "cosine", "warmup": 0.25}, 6, 8,
        lambda o, steps, _: warm(o, steps // 4, lr_scheduler.CosineAnnealingLR(o, steps - steps // 4))),
    "constant after a warm-up of two epochs": (
        {"schedule": "constant", "warmup": 2}, 5, 6,
        lambda o, _, batches: warm(o, 2 * batches, lr_scheduler.ConstantLR(o, 1, 1))),
    "one-cycle": ({"schedule": "one-cycle"}, 5, 8, lambda o, steps, _: lr_scheduler.OneCycleLR(o, 0.1, steps)),
    "one-cycle, other shape": (
        {"schedule": "one-cycle", "pctStart": 0.1, "divFactor": 10, "finalDivFactor": 100}, 3, 25,
        lambda o, steps, _: lr_scheduler.OneCycleLR(
            o, 0.1, steps, pct_start=0.1, div_factor=10, final_div_factor=100)),
}


def main() -> None:
    warnings.simplefilter("ignore")
    torch.manual_seed(42)

    def draw():
        return {name: torch.randn(shape).double() for name, shape in SHAPES.items()}

    start, gradients = draw(), [draw() for _ in range(STEPS)]
    rates = [0.02 * (1 + step % 3) for step in range(STEPS)]
    document = {
        "source": f"PyTorch {torch.__version__}, tests/golden/make_optimizers.py",
        "batchRows": BATCH_ROWS,
        "shapes": SHAPES,
        "learningRates": rates,
        "start": {name: tensor.flatten().tolist() for name, tensor in start.items()},
        "gradients": [{name: tensor.flatten().tolist() for name, tensor in step.items()} for step in gradients],
        "cases": [
            {"name": name, "config": case, "steps": run(case, start, gradients, rates)}
            for name, case in CASES.items()
        ],
        "schedules": [
            {"name": name, "config": config, "epochs": epochs, "batches": batches, "rates": rates_of(epochs, batches, make)}
            for name, (config, epochs, batches, make) in SCHEDULES.items()
        ],
    }
    (HERE / "optimizers.json").write_text(json.dumps(document, separators=(",", ":"), allow_nan=False) + "\n")


if __name__ == "__main__":
    main()
