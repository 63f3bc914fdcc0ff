"""Arrays of three small data sets, for tests of tasks: python3 make_task_data.py FOLDER > task_data.json

FOLDER holds diabetes.csv (scikit-learn's), tags.csv and passengers.csv (made, with holes). Nothing is fitted here: holes stay
NaN, so that a test fills and standardizes by its training rows. Rows of the test quarters: the last quarter of the row
numbers as random.Random(seed).shuffle leaves them.
"""
import base64
import csv
import json
import math
import random
import sys
from array import array


def read(name):
    with open(f"{sys.argv[1]}/{name}.csv", newline="") as file:
        return list(csv.DictReader(file))


def packed(kind, values):
    data = array(kind, values)
    if sys.byteorder == "big":
        data.byteswap()
    return base64.b64encode(data.tobytes()).decode()


def number(text):
    return float(text) if text else math.nan


def tests(rows):
    orders = []
    for seed in range(5):
        order = list(range(rows))
        random.Random(seed).shuffle(order)
        orders.append(packed("H", order[rows - rows // 4 :]))
    return orders


diabetes = read("diabetes")
numbers = [name for name in diabetes[0] if name != "progression"]
tags = read("tags")
words = [name for name in tags[0] if name != "tags"]
names = sorted({tag for row in tags for tag in row["tags"].split("|") if tag})
passengers = read("passengers")
kinds = [(name, value) for name in ("sex", "port", "cls") for value in sorted({row[name] for row in passengers} - {""})]

print(json.dumps({
    "diabetes": {
        "rows": len(diabetes),
        "columns": len(numbers),
        "features": packed("f", (float(row[name]) for row in diabetes for name in numbers)),
        "values": packed("f", (float(row["progression"]) for row in diabetes)),
        "tests": tests(len(diabetes)),
    },
    "tags": {
        "rows": len(tags),
        "columns": len(words),
        "names": names,
        "counts": packed("B", (int(row[name]) for row in tags for name in words)),
        "labels": packed("B", (int(name in row["tags"].split("|")) for row in tags for name in names)),
        "tests": tests(len(tags)),
    },
    "passengers": {
        "rows": len(passengers),
        "columns": 2 + len(kinds),
        "features": packed("f", (
            value for row in passengers
            for value in [number(row["age"]), number(row["fare"])] + [float(row[name] == kind) for name, kind in kinds]
        )),
        "labels": packed("B", (int(row["survived"] == "yes") for row in passengers)),
        "tests": tests(len(passengers)),
    },
}, indent=1))
