"""Golden values for lib/task/metrics/probability_metrics.ts, in NumPy: other formulas than there, in float64.

    python3 tests/golden/make_probability_metrics.py > tests/golden/probability_metrics.json

Top-k by sorting, the area under the ROC curve by comparing every pair, the calibration error by bin edges, Brier's score by
one-hot matrices, macro F1 by sets: as scikit-learn defines them (top_k_accuracy_score, roc_auc_score with multi_class="ovr",
f1_score with average="macro").
"""
import json

import numpy as np


def top_k(p, y, k):
    order = np.argsort(-p, axis=1, kind="stable")
    return float(np.mean([y[i] in order[i, :k] for i in range(len(y))]))


def auc(scores, positive):
    above = scores[positive][:, None] - scores[~positive][None, :]
    return float(np.mean((above > 0) + 0.5 * (above == 0)))


def calibration(p, y, bins=15):
    confidence, right = p.max(axis=1), p.argmax(axis=1) == y
    edges = np.linspace(0, 1, bins + 1)
    error = 0.0
    for low, high in zip(edges[:-1], edges[1:]):
        inside = (confidence > low) & (confidence <= high)
        if inside.any():
            error += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    return float(error)


def macro_f1(p, y):
    predicted, scores = p.argmax(axis=1), []
    for c in range(p.shape[1]):
        hits = np.sum((predicted == c) & (y == c))
        total = np.sum(predicted == c) + np.sum(y == c)
        scores.append(2 * hits / total if total else 0.0)
    return float(np.mean(scores))


def case(name, rows, classes, seed, digits=None, present=None):
    random = np.random.RandomState(seed)
    y = random.randint(0, present or classes, rows)
    logits = random.normal(size=(rows, classes)) * 2
    logits[np.arange(rows), y] += 1
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    # Rounded, so that there are ties, and no probability lies on the edge of a bin by chance of its last bit.
    p = np.round(p, digits or 6)
    areas = [auc(p[:, c], y == c) for c in range(classes) if 0 < np.sum(y == c) < rows]
    return {
        "name": name,
        "probabilities": p.tolist(),
        "labels": y.tolist(),
        "topK": {str(k): top_k(p, y, k) for k in (2, 3, 5) if k <= classes},
        "rocAuc": float(np.mean(areas)),
        "calibrationError": calibration(p, y),
        "brier": float(np.mean(np.sum((p - np.eye(classes)[y]) ** 2, axis=1))),
        "macroF1": macro_f1(p, y),
    }


print(json.dumps({
    "cases": [
        case("ten classes", 60, 10, 1),
        case("three classes, many ties", 80, 3, 2, digits=1),
        case("two classes", 25, 2, 3, digits=3),
        case("a class without rows", 40, 6, 4, digits=2, present=5),
    ],
}, indent=None, separators=(",", ":")))
