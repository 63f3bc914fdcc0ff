"""Fits assembly/math/normal_tail.ts: R(t) = erfcx(t / sqrt 2) / 2 = v p(v), v = 3 / (t + 3), on 0 <= t <= 15.

Least squares in a Chebyshev basis, weighted anew until the relative error is level (Lawson, 1961). Prints the coefficients,
lowest power first, rounded to float32, and what the comment there says of errors, in units of 2^-24.
Takes NumPy and PyTorch (for erfcx in float64).
"""
import math

import numpy as np
import torch

DEGREE, K, END = 9, 3, 15
UNIT = 2.0**-24


def ratio(t):
    return 0.5 * torch.special.erfcx(torch.from_numpy(t) / math.sqrt(2)).numpy()


low = K / (END + K)
x = np.cos(np.pi * (np.arange(1200) + 0.5) / 1200)
v = (1 + low) / 2 + (1 - low) / 2 * x
basis = np.polynomial.chebyshev.chebvander(x, DEGREE) * (v / ratio(K / v - K))[:, None]
weights = np.ones(len(v))
best = (math.inf, None)
for _ in range(200):
    root = np.sqrt(weights)[:, None]
    fitted, *_ = np.linalg.lstsq(basis * root, root[:, 0], rcond=None)
    error = np.abs(basis @ fitted - 1)
    best = min(best, (error.max(), fitted), key=lambda pair: pair[0])
    weights *= error
    weights /= weights.sum()

in_x = np.polynomial.Polynomial(np.polynomial.chebyshev.cheb2poly(best[1]))
p = in_x(np.polynomial.Polynomial([-(1 + low) / (1 - low), 2 / (1 - low)])).coef.astype(np.float32)
print(*(f"{c:.9g}" for c in p))

t = np.linspace(0, END, 20001)
v = K / (t + K)
b, horner = np.full_like(v, p[DEGREE]), np.zeros_like(v)
for c in p[DEGREE - 1 :: -1].astype(float):
    product = b * v
    b = product + c
    horner = horner * v + np.abs(product) + np.abs(b)
horner = horner / b + 1
step = t * 1e-6 + 1e-9
magnified = 2 * np.abs(np.log(ratio(t + step) / ratio(t)) / np.log(K / (t + step + K) / v))
fit = np.abs(v * b / ratio(t) - 1) / UNIT
for name, values in {"fit": fit, "v": magnified, "Horner": horner, "all": fit + magnified + horner}.items():
    print(name, round(values.max(), 2))
