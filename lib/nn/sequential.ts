/**
 * A network on a back end: the matrices of its layers, and the forward and backward pass over one batch.
 *
 * Glossary: B rows of the batch, I inputs of the network.
 */
import type { Backend, ByteMatrix, Matrix } from "../backend/mod.ts";
import type { BatchBuffers } from "./batch_buffers.ts";
import type { LayerMatrices } from "./layer.ts";
import { inOnePass, type Trained } from "./layers/norm_relu_pool.ts";
import type { Network } from "./network.ts";
import type { Parameter } from "./optimizers.ts";
import { ownerOf } from "./owned_buffers.ts";
import { passesOn, planBuffers } from "./plan.ts";
import { type BatchPart, ShardedPasses } from "./sharded_passes.ts";
import { type Shards, UNCUT } from "./shards.ts";
import type { Tensors, Values } from "./tensors.ts";

export type { BatchBuffers };

type Named = Record<string, Matrix>;

const NO_MATRICES = { values: {}, gradients: {}, scratch: {} };

export class Sequential implements Disposable {
  readonly #matrices: readonly (LayerMatrices & { readonly gradients: Named })[];
  /** What trains the network: some layers do the work of others. */
  readonly #trained: readonly Trained[];
  #owned = new DisposableStack();
  /** Null where batches are not cut into shards. */
  #sharded: ShardedPasses | null = null;

  /** @param tensors all of the network's, of their lengths */
  constructor(readonly backend: Backend, readonly network: Network, tensors: Tensors) {
    // Frees what there is where memory ends half-way.
    using owned = this.#owned;
    this.#trained = inOnePass(network.layers.map(({ layer }) => layer));
    this.#matrices = network.layers.map(({ layer }) => {
      const allocated = (sizes: [string, readonly [number, number]][]): Named =>
        Object.fromEntries(
          sizes.map(([key, [rows, columns]]) => [key, this.#allocate(rows, columns)]),
        );
      const values = allocated(
        Object.entries(layer.matrices).map((
          [key, { columns, tensors }],
        ) => [key, [tensors.reduce((sum, { rows }) => sum + rows, 0), columns]]),
      );
      const matrices = {
        backend,
        values,
        gradients: {},
        scratch: allocated(Object.entries(layer.scratch ?? {})),
      };
      layer.prepare?.(matrices);
      return matrices;
    });
    this.write(tensors);
    this.#owned = owned.move();
  }

  /** Takes other numbers. */
  write(tensors: Tensors): void {
    for (const { matrix, names } of this.#matricesByTensors()) {
      const parts = names.map((name) => tensors.get(name)!);
      if (parts.length === 1) this.backend.write(matrix, parts[0]);
      else this.backend.write(matrix, Float32Array.from(parts.flatMap((part) => [...part])));
    }
  }

  /** The present numbers, by name. */
  async read(): Promise<Map<string, Values>> {
    const tensors = new Map<string, Values>();
    for (const { matrix, names, rows } of this.#matricesByTensors()) {
      const values = await this.backend.read(matrix);
      let start = 0;
      names.forEach((name, i) => {
        const end = start + rows[i] * matrix.columns;
        tensors.set(name, names.length === 1 ? values : values.slice(start, end));
        start = end;
      });
    }
    return tensors;
  }

  /**
   * What is trained, with gradients and what an optimizer keeps; to be called once.
   *
   * @param slots  the optimizer's
   * @param shards of the batches, which of them are this process's
   * @param summed makes the matrices that are to be summed over processes
   */
  parameters(
    slots: readonly string[],
    shards: Shards = UNCUT,
    summed: (rows: number, columns: number) => Matrix = (...size) => this.#allocate(...size),
  ): Parameter[] {
    const parameters = this.#parameters(slots, summed);
    if (shards.count === 1) return parameters;
    const allocate = (rows: number, columns: number) => this.#allocate(rows, columns);
    const layers = this.#trained.map(({ layer, matricesOf }) => ({
      layer,
      // What another layer works on is that one's alone.
      on: layer.isIdentity ? { backend: this.backend, ...NO_MATRICES } : this.#matrices[matricesOf],
    }));
    const { firstTrained } = this.network;
    this.#sharded = new ShardedPasses({ layers, firstTrained, shards }, allocate, summed);
    return parameters;
  }

  #parameters(
    slots: readonly string[],
    summed: (rows: number, columns: number) => Matrix,
  ): Parameter[] {
    return this.network.layers.flatMap(({ name, layer }, l) =>
      Object.entries(layer.matrices).filter(([, { trained }]) => trained).flatMap((
        [key, matrix],
      ) => {
        // Nobody computes gradients below.
        if (l < this.network.firstTrained) return [];
        const { values, gradients } = this.#matrices[l];
        const value = values[key];
        const like = () => this.#allocate(value.rows, value.columns);
        const trains = this.network.isTrained({ name: `${name}.${key}`, matrix });
        // What is computed on the way and stays as it is, nobody has to sum.
        gradients[key] = trains ? summed(value.rows, value.columns) : like();
        if (!trains) return [];
        return [{
          name: `${name}.${key}`,
          value,
          gradient: gradients[key],
          slots: slots.map(like),
          penalized: matrix.penalized,
        }];
      })
    );
  }

  /** Buffers for batches of up to `rows` samples; with gradients where they are for training. */
  batchBuffers(rows: number, training: boolean): BatchBuffers {
    const { layers, inputs, spec: { element } } = this.network;
    if (!training && layers.some(({ kind }) => kind.folds)) {
      throw new Error("Batch normalization is for training: use the network with it folded in");
    }
    const plan = planBuffers(this.#passes(training).map(({ layer }) => layer), training);
    const buffers = plan.widths.map((width) => this.#allocate(rows, width));
    const own = ownerOf(this.#owned, this.backend);
    return withLogits(
      element === "float32"
        ? this.#allocate(rows, inputs)
        : own(this.backend.allocateBytes(rows, inputs)),
      plan.outputs.map((buffer) => buffers[buffer] ?? null),
      plan.gradients.map((buffer) => buffers[buffer] ?? null),
    );
  }

  /** The first `rows` rows of `buffers`, for a batch that is smaller than the others. */
  firstRows({ x, outputs, gradients }: BatchBuffers, rows: number): BatchBuffers {
    const view = (matrix: Matrix | null) => matrix && this.backend.view(matrix, 0, rows);
    return withLogits(this.backend.view(x, 0, rows), outputs.map(view), gradients.map(view));
  }

  /** The rows of a training batch that are this process's; null where none are. */
  own(buffers: BatchBuffers): Pick<BatchPart, "x" | "firstRow"> | null {
    return this.#sharded ? this.#sharded.own(buffers) : buffers;
  }

  /** After `backward`, once gradients are the sums of all processes and before they are used. */
  finish(): void {
    this.#sharded?.finish();
  }

  /**
   * Fills `buffers.outputs` from `buffers.x` and returns the last of them, the logits.
   *
   * @param step batches since training began, where `buffers` are for training: decides what is dropped
   */
  forward(buffers: BatchBuffers, step = 0): Matrix {
    const { x, outputs, gradients, logits } = buffers;
    const training = gradients.length > 0;
    if (this.#sharded && training) {
      this.#sharded.forward(buffers, step);
      return logits;
    }
    this.#passes(training).forEach(({ layer, matricesOf }, l) => {
      if (passesOn(layer, training)) return;
      layer.forward(this.#matrices[matricesOf], outputs[l]!, outputs[l - 1] ?? x, step);
    });
    return logits;
  }

  /**
   * Fills the gradients of the parameters from that of the logits, `buffers.dLogits`.
   *
   * @param step as for `forward`
   */
  backward(buffers: BatchBuffers, step = 0): void {
    if (this.#sharded) return this.#sharded.backward(buffers, step);
    const { x, outputs, gradients } = buffers;
    const { firstTrained } = this.network;
    for (let l = this.#trained.length - 1; l >= firstTrained; l--) {
      const { layer, matricesOf } = this.#trained[l];
      if (passesOn(layer, true)) continue;
      const below = l > firstTrained ? gradients[l - 1] ?? null : null;
      const [dx, dy] = [below, gradients[l]!];
      layer.backward(this.#matrices[matricesOf], dx, dy, outputs[l - 1] ?? x, outputs[l]!, step);
    }
  }

  /** Releases the parameters and every buffer that was made here. */
  [Symbol.dispose](): void {
    this.#owned.dispose();
  }

  #passes(training: boolean): readonly Trained[] {
    if (training) return this.#trained;
    return this.network.layers.map(({ layer }, matricesOf) => ({ layer, matricesOf }));
  }

  /** Every matrix, with the names of its tensors and the rows of each. */
  #matricesByTensors() {
    return this.network.layers.flatMap(({ name, layer }, l) =>
      Object.entries(layer.matrices).map(([key, { tensors }]) => ({
        matrix: this.#matrices[l].values[key],
        names: tensors.map((tensor) => `${name}.${tensor.name}`),
        rows: tensors.map(({ rows }) => rows),
      }))
    );
  }

  #allocate(rows: number, columns: number): Matrix {
    return ownerOf(this.#owned, this.backend)(this.backend.allocate(rows, columns));
  }
}

function withLogits(
  x: Matrix | ByteMatrix,
  outputs: BatchBuffers["outputs"],
  gradients: BatchBuffers["gradients"],
): BatchBuffers {
  const logits = outputs.at(-1)!;
  return { x, outputs, gradients, logits, dLogits: gradients.at(-1) ?? logits, firstRow: 0 };
}
