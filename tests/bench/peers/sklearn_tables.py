"""scikit-learn on a table: python3 sklearn_tables.py '{"path": ..., "target": ..., "task": ..., "seeds": 5, ...}'

Prints one JSON document: the rows of each test quarter (the last or the first of the row numbers as random.Random(seed)
leaves them), what a linear model and an MLP reach on it, and how long a step of the MLP takes.
"""

from __future__ import annotations

import csv
import json
import random
import sys
import time
import warnings

import numpy as np
from sklearn import __version__
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, f1_score, r2_score
from sklearn.multiclass import OneVsRestClassifier
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MultiLabelBinarizer, OneHotEncoder, StandardScaler

TIMED_STEPS = 300


def numbers(texts: list[str]) -> np.ndarray | None:
    try:
        return np.array([float(text) if text else np.nan for text in texts])
    except ValueError:
        return None


def read(path: str, target: str) -> tuple[np.ndarray, list[int], list[int], list[str]]:
    """Columns as objects, which of them are numbers and which texts, and the target's cells."""
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    columns, kinds = [], ([], [])
    for name in (name for name in rows[0] if name != target):
        texts = [row[name] for row in rows]
        values = numbers(texts)
        kinds[values is None].append(len(columns))
        columns.append(np.array(texts, dtype=object) if values is None else values)
    table = np.empty((len(rows), len(columns)), dtype=object)
    for i, column in enumerate(columns):
        table[:, i] = column
    return table, *kinds, [row[target] for row in rows]


def targets(cells: list[str], task: str) -> np.ndarray:
    if task == "regression":
        return np.array(cells, dtype=float)
    if task == "multi-label":
        return MultiLabelBinarizer().fit_transform([[label for label in cell.split("|") if label] for cell in cells])
    return np.unique(cells, return_inverse=True)[1]


def score(task: str, y: np.ndarray, predicted: np.ndarray) -> float:
    if task == "regression":
        return r2_score(y, predicted)
    return f1_score(y, predicted, average="micro") if task == "multi-label" else accuracy_score(y, predicted)


def step_ms(make, x: np.ndarray, y: np.ndarray, hidden: list[int], batch: int) -> float:
    """Milliseconds of a step: the best of three runs of some hundred."""
    best = np.inf
    for _ in range(3):
        epochs = max(1, round(TIMED_STEPS / -(-len(x) // batch)))
        model = make(hidden, batch_size=batch, max_iter=epochs, random_state=0)
        started = time.perf_counter()
        model.fit(x, y)
        best = min(best, (time.perf_counter() - started) / (epochs * -(-len(x) // batch)))
    return best * 1000


def main() -> None:
    warnings.filterwarnings("ignore")
    asked = json.loads(sys.argv[1])
    task = asked["task"]
    table, with_numbers, with_texts, cells = read(asked["path"], asked["target"])
    y = targets(cells, task)
    rows = len(y)
    multi_layer = MLPRegressor if task == "regression" else MLPClassifier
    splits = []
    for seed in range(asked["seeds"]):
        order = list(range(rows))
        random.Random(seed).shuffle(order)
        quarter = rows // 4
        for part, cut in (("last", rows - quarter), ("first", quarter)):
            test = order[cut:] if part == "last" else order[:cut]
            train = order[:cut] if part == "last" else order[cut:]
            features = ColumnTransformer([
                ("numbers", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), with_numbers),
                ("texts", OneHotEncoder(handle_unknown="ignore"), with_texts),
            ], sparse_threshold=0)
            x = np.asarray(features.fit_transform(table[train]), dtype=float)
            held = np.asarray(features.transform(table[test]), dtype=float)
            linear = Ridge() if task == "regression" else LogisticRegression(max_iter=1000)
            if task == "multi-label":
                linear = OneVsRestClassifier(linear)
            mlp = multi_layer(early_stopping=True, random_state=seed)
            splits.append({
                "seed": seed,
                "part": part,
                "test": test,
                "linear": score(task, y[test], linear.fit(x, y[train]).predict(held)),
                "mlp": score(task, y[test], mlp.fit(x, y[train]).predict(held)),
            })
    hidden, batch = asked["hidden"], asked["batch"]
    print(json.dumps({
        "version": __version__,
        "splits": splits,
        "step_ms": {
            "same": step_ms(multi_layer, x, y[train], hidden, batch),
            "default": step_ms(multi_layer, x, y[train], [100], min(200, len(x))),
        },
    }))


main()
