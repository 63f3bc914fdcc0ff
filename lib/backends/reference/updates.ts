/** Updates of tensors by their gradients, element by element in float64; and the scale that clips gradients. */
import type { UpdateNumbers, UpdateRule } from "../../backend/updates.ts";
import type { ReferenceKernels, ReferenceMatrix } from "./memory.ts";

/** Changes element `i` of w and the slots, which a rule takes in the order of its row. */
type Rule<Name extends UpdateRule> = (
  i: number,
  w: Float32Array,
  slots: readonly Float32Array[],
  gradient: number,
  numbers: UpdateNumbers<Name>,
) => void;

const RULES: { readonly [Name in UpdateRule]: Rule<Name> } = {
  sgd(i, w, [residual], gradient, { learningRate }) {
    moveCompensated(i, w, residual, learningRate * gradient);
  },

  momentum(i, w, [velocity, residual], gradient, { learningRate, momentum, nesterov }) {
    const speed = momentum * velocity[i] + gradient;
    velocity[i] = speed;
    const direction = nesterov ? gradient + momentum * speed : speed;
    moveCompensated(i, w, residual, learningRate * direction);
  },

  adam(i, w, [mean, square], gradient, numbers) {
    const { stepSize, correction, rate1, rate2, epsilon, decay } = numbers;
    const newMean = mean[i] + rate1 * (gradient - mean[i]);
    const newSquare = square[i] + rate2 * (gradient * gradient - square[i]);
    mean[i] = newMean;
    square[i] = newSquare;
    const move = stepSize * newMean / (Math.sqrt(newSquare) * correction + epsilon);
    w[i] -= decay * w[i] + move;
  },

  rmsprop(i, w, [square], gradient, { learningRate, rate, epsilon }) {
    const newSquare = square[i] + rate * (gradient * gradient - square[i]);
    square[i] = newSquare;
    w[i] -= learningRate * gradient / (Math.sqrt(newSquare) + epsilon);
  },
};

export const updates: ReferenceKernels<"update" | "clipScale"> = {
  update<Name extends UpdateRule>(
    rule: Name,
    { data: w }: ReferenceMatrix,
    slots: readonly ReferenceMatrix[],
    dw: ReferenceMatrix,
    numbers: UpdateNumbers<Name>,
    scale?: ReferenceMatrix | null,
  ) {
    const kept = slots.map(({ data }) => data);
    const factor = scale?.data[0] ?? 1;
    const { l1, l2 } = numbers as UpdateNumbers<UpdateRule>;
    const step: Rule<Name> = RULES[rule];
    for (let i = 0; i < w.length; i++) {
      const gradient = factor * dw.data[i] + l1 * Math.sign(w[i]) + l2 * w[i];
      step(i, w, kept, gradient, numbers);
    }
  },

  clipScale(scale, sums, maxNorm) {
    const sum = sums.data.reduce((a, b) => a + b, 0);
    scale.data[0] = Number.isFinite(sum) ? Math.min(1, maxNorm / (Math.sqrt(sum) + 1e-6)) : NaN;
  },
};

/** Takes `step` from element `i` of w; what is too small to change it stays in the residual. */
function moveCompensated(i: number, w: Float32Array, residual: Float32Array, step: number): void {
  const old = w[i];
  const wanted = residual[i] - step;
  w[i] = old + wanted;
  residual[i] = wanted - (w[i] - old);
}
