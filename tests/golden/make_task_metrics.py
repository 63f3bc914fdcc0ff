"""Golden values of scikit-learn for lib/task: python3 make_task_metrics.py > task_metrics.json"""
import json

import numpy as np
from sklearn import metrics

random = np.random.RandomState(7)
cases = {"binary": [], "multi-label": [], "regression": []}
for rows in (8, 40, 200):
    logits = np.round(random.normal(size=rows), 1).astype(np.float32)
    yes = (logits + random.normal(size=rows) > 0.4).astype(int)
    said = (logits >= 0).astype(int)
    cases["binary"].append({
        "logits": logits.tolist(), "labels": yes.tolist(),
        "expected": {
            "accuracy": metrics.accuracy_score(yes, said),
            "precision": metrics.precision_score(yes, said),
            "recall": metrics.recall_score(yes, said),
            "f1": metrics.f1_score(yes, said),
            "rocAuc": metrics.roc_auc_score(yes, logits),
            "prAuc": metrics.average_precision_score(yes, logits),
        },
    })
    many = random.normal(size=(rows, 4)).astype(np.float32)
    labels = (many + random.normal(size=(rows, 4)) > 0.3).astype(int)
    labels[:, 3] = 0
    answers = (many >= 0).astype(int)
    cases["multi-label"].append({
        "columns": 4, "logits": many.ravel().tolist(), "labels": labels.ravel().tolist(),
        "expected": {
            "microF1": metrics.f1_score(labels, answers, average="micro", zero_division=0),
            "macroF1": metrics.f1_score(labels, answers, average="macro", zero_division=0),
            "subsetAccuracy": metrics.accuracy_score(labels, answers),
        },
    })
    values = np.round(random.normal(size=(rows, 2)) * [3, 100] + [1, -20], 2).astype(np.float32)
    predicted = (values + random.normal(size=(rows, 2)) * [1, 50]).astype(np.float32)
    cases["regression"].append({
        "columns": 2, "predicted": predicted.ravel().tolist(), "values": values.ravel().tolist(),
        "expected": {
            "rmse": metrics.mean_squared_error(values.astype(float), predicted.astype(float), squared=False),
            "mae": metrics.mean_absolute_error(values.astype(float), predicted.astype(float)),
            "r2": metrics.r2_score(values.astype(float), predicted.astype(float)),
        },
    })
print(json.dumps(cases, indent=1))
