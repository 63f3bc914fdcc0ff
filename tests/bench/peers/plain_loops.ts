/**
 * A training step of a network with one hidden layer in plain loops, as one would write it without a library: sigmoid,
 * softmax, cross-entropy, stochastic gradient descent; the output's bias stays zero, as in the baseline.
 *
 * Glossary: B rows of a batch, I inputs, H hidden units, O classes.
 */
import type { LabeledImages } from "../../../lib/dataset/dataset.ts";

export class PlainLoops {
  readonly #x: Float32Array;
  readonly #hidden: Float32Array;
  readonly #dHidden: Float32Array;
  readonly #dLogits: Float32Array;
  readonly #b1: Float32Array;

  /** @param w1 I x H and @param w2 H x O: the initial weights, which training changes */
  constructor(
    readonly images: LabeledImages,
    readonly order: Uint32Array,
    readonly w1: Float32Array,
    readonly w2: Float32Array,
    readonly sizes: readonly [B: number, I: number, H: number, O: number],
    readonly learningRate: number,
  ) {
    const [B, I, H, O] = sizes;
    this.#x = new Float32Array(B * I);
    this.#hidden = new Float32Array(B * H);
    this.#dHidden = new Float32Array(B * H);
    this.#dLogits = new Float32Array(B * O);
    this.#b1 = new Float32Array(H);
  }

  /** Trains on the batch that begins at `start` of the order and returns its mean loss, in nats. */
  step(start: number): number {
    const { images: { pixels, labels }, order, w1, w2, learningRate, sizes: [B, I, H, O] } = this;
    const x = this.#x;
    const hidden = this.#hidden;
    const dHidden = this.#dHidden;
    const dLogits = this.#dLogits;
    const b1 = this.#b1;
    let loss = 0;
    for (let i = 0; i < B; i++) {
      const row = order[start + i];
      for (let k = 0; k < I; k++) x[i * I + k] = pixels[row * I + k] / 255;
      for (let j = 0; j < H; j++) {
        let sum = b1[j];
        for (let k = 0; k < I; k++) sum += x[i * I + k] * w1[k * H + j];
        hidden[i * H + j] = 1 / (1 + Math.exp(-sum));
      }
      let largest = -Infinity;
      for (let c = 0; c < O; c++) {
        let sum = 0;
        for (let k = 0; k < H; k++) sum += hidden[i * H + k] * w2[k * O + c];
        dLogits[i * O + c] = sum;
        if (sum > largest) largest = sum;
      }
      const label = labels[row];
      const margin = dLogits[i * O + label] - largest;
      let total = 0;
      for (let c = 0; c < O; c++) {
        const e = Math.exp(dLogits[i * O + c] - largest);
        dLogits[i * O + c] = e;
        total += e;
      }
      loss += Math.log(total) - margin;
      for (let c = 0; c < O; c++) {
        dLogits[i * O + c] = (dLogits[i * O + c] / total - (c === label ? 1 : 0)) / B;
      }
      for (let k = 0; k < H; k++) {
        let sum = 0;
        for (let c = 0; c < O; c++) sum += dLogits[i * O + c] * w2[k * O + c];
        const y = hidden[i * H + k];
        dHidden[i * H + k] = sum * y * (1 - y);
      }
    }
    for (let k = 0; k < H; k++) {
      for (let c = 0; c < O; c++) {
        let sum = 0;
        for (let i = 0; i < B; i++) sum += hidden[i * H + k] * dLogits[i * O + c];
        w2[k * O + c] -= learningRate * sum;
      }
    }
    for (let j = 0; j < H; j++) {
      for (let k = 0; k < I; k++) {
        let sum = 0;
        for (let i = 0; i < B; i++) sum += x[i * I + k] * dHidden[i * H + j];
        w1[k * H + j] -= learningRate * sum;
      }
      let sum = 0;
      for (let i = 0; i < B; i++) sum += dHidden[i * H + j];
      b1[j] -= learningRate * sum;
    }
    return loss / B;
  }
}
