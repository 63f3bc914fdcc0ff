/** The activation functions and their gradients, element by element in float64. */
import type { ActivationKind } from "../../backend/activations.ts";
import { normalDensity, normalDistribution } from "./normal_distribution.ts";

interface ActivationFunctions {
  of(x: number): number;
  /** @param saved what the activation's row says: x, or the result */
  gradient(dy: number, saved: number): number;
}

/** 0.01 as a float32. */
const LEAKY_SLOPE = Math.fround(0.01);

export const ACTIVATION_FUNCTIONS: Readonly<Record<ActivationKind, ActivationFunctions>> = {
  sigmoid: {
    of(x) {
      // Both forms are exact; each avoids the overflow of the other.
      const e = Math.exp(-Math.abs(x));
      return x < 0 ? e / (1 + e) : 1 / (1 + e);
    },
    gradient: (dy, y) => dy * y * (1 - y),
  },
  relu: {
    of: (x) => Math.max(x, 0),
    gradient: (dy, y) => y > 0 ? dy : 0,
  },
  tanh: {
    of: Math.tanh,
    gradient: (dy, y) => dy * (1 - y ** 2),
  },
  "leaky-relu": {
    of: (x) => x > 0 ? x : LEAKY_SLOPE * x,
    gradient: (dy, y) => y > 0 ? dy : LEAKY_SLOPE * dy,
  },
  gelu: {
    of: (x) => x === -Infinity ? 0 : x * normalDistribution(x),
    gradient: (dy, x) =>
      dy * (normalDistribution(x) + (Number.isFinite(x) ? x * normalDensity(x) : 0)),
  },
};
