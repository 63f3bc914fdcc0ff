/** Kernels that take every element by itself or by its column. */
import type { ActivationKind } from "../../backend/activations.ts";
import { murmur3Mix } from "../../random/hashes.ts";
import { ACTIVATION_FUNCTIONS } from "./activations.ts";
import type { ReferenceKernels } from "./memory.ts";

type Names = "add" | "addBias" | "activation" | "activationGradient" | "dropout";

export const elementwise: ReferenceKernels<Names> = {
  add(y, a, b, factor) {
    for (let i = 0; i < y.data.length; i++) y.data[i] = (a.data[i] + b.data[i]) * factor;
  },

  addBias(y, x, bias) {
    for (let i = 0; i < y.data.length; i++) y.data[i] = x.data[i] + bias.data[i % y.columns];
  },

  activation(kind: ActivationKind, y, x) {
    const { of } = ACTIVATION_FUNCTIONS[kind];
    for (let i = 0; i < y.data.length; i++) y.data[i] = of(x.data[i]);
  },

  activationGradient(kind: ActivationKind, dx, dy, saved) {
    const { gradient } = ACTIVATION_FUNCTIONS[kind];
    for (let i = 0; i < dx.data.length; i++) dx.data[i] = gradient(dy.data[i], saved.data[i]);
  },

  dropout(y, x, rate, keyA, keyB) {
    const threshold = Math.floor(rate * 2 ** 32);
    for (let n = 0; n < y.data.length; n++) {
      y.data[n] = murmur3Mix(murmur3Mix(n ^ keyA) + keyB) < threshold ? 0 : x.data[n] / (1 - rate);
    }
  },
};
