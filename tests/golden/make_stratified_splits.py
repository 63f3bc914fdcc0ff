"""Writes stratified_splits.json beside this file: scikit-learn's own splits of small, awkward sets of labels.

Ran with Debian 12's python3-sklearn (scikit-learn 1.2.1, NumPy 1.24.2): python3 make_stratified_splits.py
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.model_selection import train_test_split

LAYOUTS = {
    "balanced, a multiple of five": [10] * 10,
    "balanced, not a multiple of five": [7] * 9,
    "ties in every remainder": [3] * 7,
    "two classes, very uneven": [2, 41],
    "uneven classes": [5, 17, 2, 30, 11, 3],
    "labels with gaps": [6, 0, 9, 0, 0, 8],
    "one class": [13],
    "as few rows as possible": [2, 2],
}
SEEDS = [0, 1, 42, 4294967295]

cases = []
for name, class_counts in LAYOUTS.items():
    ordered = np.repeat(np.arange(len(class_counts)), class_counts)
    labels = np.random.RandomState(sum(class_counts)).permutation(ordered)
    for seed in SEEDS:
        for fraction in (0.2, 0.35) if len(class_counts) != 2 else (0.2, 0.5):
            rows = np.arange(len(labels))
            try:
                train, validation = train_test_split(
                    rows, stratify=labels, test_size=fraction, random_state=seed
                )
            except ValueError:
                continue  # too few rows for a class each: split_test.ts tests that by itself
            cases.append(
                {
                    "name": name,
                    "seed": seed,
                    "fraction": fraction,
                    "labels": labels.tolist(),
                    "train": train.tolist(),
                    "validation": validation.tolist(),
                }
            )

lines = ",\n".join("  " + json.dumps(case, separators=(",", ":")) for case in cases)
source = f"scikit-learn {sklearn.__version__}, NumPy {np.__version__}"
path = Path(__file__).with_name("stratified_splits.json")
path.write_text(f'{{ "source": "{source}", "cases": [\n{lines}\n] }}\n')
