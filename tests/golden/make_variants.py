"""Writes variants.json beside this file: short runs of the NumPy oracle away from the baseline's settings.

Losses and accuracies are float64's. `float32Difference` is the largest amount by which any loss of the same run in
NumPy float32 differs from them: what float32 alone costs, so a floor for the tolerance of any float32 implementation.
Another BLAS moves the float64 losses by about 1e-14.

Ran with Debian 12's python3-numpy (NumPy 1.24.2, OpenBLAS 0.3.21): python3 make_variants.py
"""

import json
import sys
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "bench" / "peers"))

import numpy as np  # noqa: E402 (the path comes first)
from numpy_baseline import Config, config_json, train  # noqa: E402
from numpy_dataset import SYSTEM_DATA_DIR, load_dataset  # noqa: E402

VARIANTS = {
    "another seed": Config(epochs=2, seed=7),
    "a smaller hidden layer, not a multiple of four": Config(epochs=2, hidden=(37,)),
    "another hidden layer": Config(epochs=2, hidden=(64,)),
    "two hidden layers": Config(epochs=2, hidden=(64, 32)),
    "batches of 100, which divide the rows": Config(epochs=2, batch_size=100),
    "batches of 333, the last of 48 rows": Config(epochs=2, batch_size=333),
    "L1": Config(epochs=3, l1=0.1),
    "L2": Config(epochs=3, l2=0.5),
    "L1 and L2": Config(epochs=3, l1=0.1, l2=0.5),
    "heavy L1 and L2": Config(epochs=3, l1=1, l2=5),
    "relu": Config(epochs=2, hidden=(64,), activation="relu"),
    "tanh": Config(epochs=2, hidden=(64,), activation="tanh"),
    "a trained output bias": Config(epochs=2, train_output_bias=True),
    "another split seed": Config(epochs=2, split_seed=3),
    "everything at once": Config(
        hidden=(37, 64, 13),
        batch_size=333,
        learning_rate=0.05,
        epochs=3,
        l1=0.1,
        l2=0.5,
        seed=7,
        split_seed=3,
        train_output_bias=True,
    ),
}


def run(name: str, config: Config, data: dict) -> dict:
    """One variant, trained in float64 and, for the difference, in float32; `data` is by dtype."""
    result = train(data["float64"], config)
    single = train(data["float32"], replace(config, dtype="float32"))
    difference = max(
        abs(a - b) for curve in ("trainLoss", "validationLoss") for a, b in zip(result[curve], single[curve])
    )
    del result["epochSeconds"]
    return {
        "name": name,
        "config": config_json(data["float64"], config),
        **result,
        "float32Difference": difference,
    }


def main() -> None:
    variants, data, split_seed = [], {}, None
    for name, config in VARIANTS.items():
        if config.split_seed != split_seed:
            split_seed = config.split_seed
            data = {dtype: load_dataset(SYSTEM_DATA_DIR, split_seed, dtype) for dtype in ("float64", "float32")}
        variants.append(run(name, config, data))
        print(f"{name}: float32 differs by {variants[-1]['float32Difference']:.1e}", flush=True)
    document = {
        "source": f"NumPy {np.__version__} float64, tests/golden/make_variants.py on Fashion-MNIST",
        "variants": variants,
    }
    (HERE / "variants.json").write_text(json.dumps(document, indent=1, allow_nan=False) + "\n")


if __name__ == "__main__":
    main()
