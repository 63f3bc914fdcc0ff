/**
 * The passes over a batch that is cut into shards. What takes rows one by one is called once, for all rows of this process;
 * gradients of matrices, and layers that look at several rows, are taken a shard at a time and added along the tree.
 */
import type { Backend, ByteMatrix, Matrix } from "../backend/mod.ts";
import type { BatchBuffers } from "./batch_buffers.ts";
import type { Layer, LayerMatrices } from "./layer.ts";
import { passesOn } from "./plan.ts";
import { ownRange, shardRange, type Shards, type TreeStep, treeSteps } from "./shards.ts";

/** Some rows of a batch's buffers. */
export type BatchPart = Pick<BatchBuffers, "x" | "outputs" | "gradients" | "firstRow">;

/** How batches of one size are cut. */
interface Cut {
  /** All rows of this process; null where it has none. */
  readonly own: BatchPart | null;
  /** By shard, those that have rows. */
  readonly parts: ReadonlyMap<number, BatchPart>;
  readonly steps: readonly TreeStep[];
}

type Named = Record<string, Matrix>;
type Allocate = (rows: number, columns: number) => Matrix;

/** A layer's matrices that depend on the place in the tree, and on the shard. */
interface LayerPlaces {
  /** By place: gradients, and what is averaged. Place 0 of both is summed over processes. */
  readonly gradients: readonly Named[];
  readonly averaged: readonly Named[];
  /** By shard, from the first of this process on; one for all where rows are not mixed. */
  readonly scratch: readonly Readonly<Named>[];
  /** Zeros like what is averaged. */
  readonly zeros: Named;
}

export class ShardedPasses {
  readonly #layers: readonly Layer[];
  readonly #matrices: readonly LayerMatrices[];
  readonly #backend: Backend;
  readonly #firstTrained: number;
  readonly #shards: Shards;
  readonly #places: readonly LayerPlaces[];
  readonly #cuts = new Map<BatchBuffers, Cut>();
  readonly #calls = new Map<string, LayerMatrices>();

  /**
   * @param layers   with the matrices of each, whose gradients are those of place 0
   * @param allocate makes matrices that live as long as the network
   * @param summed   makes those that are summed over processes
   */
  constructor(
    { layers, firstTrained, shards }: {
      readonly layers: readonly { readonly layer: Layer; readonly on: LayerMatrices }[];
      readonly firstTrained: number;
      readonly shards: Shards;
    },
    allocate: Allocate,
    summed: Allocate,
  ) {
    this.#layers = layers.map(({ layer }) => layer);
    this.#matrices = layers.map(({ on }) => on);
    this.#backend = this.#matrices[0].backend;
    this.#firstTrained = firstTrained;
    this.#shards = shards;
    const depth = Math.log2(shards.end - shards.first) + 1;
    this.#places = this.#layers.map((layer, l) => {
      const { values, gradients, scratch } = this.#matrices[l];
      const like = (from: Readonly<Named>, make: Allocate) =>
        mapValues(from, ({ rows, columns }) => make(rows, columns));
      const averaged = Object.fromEntries(
        Object.entries(values).filter(([name]) => layer.matrices[name].averaged),
      );
      const inPlaces = (zero: Named, from: Readonly<Named>) =>
        Array.from({ length: depth }, (_, place) => place === 0 ? zero : like(from, allocate));
      return {
        gradients: inPlaces({ ...gradients }, gradients),
        averaged: inPlaces(like(averaged, summed), averaged),
        scratch: Array.from(
          { length: layer.mixesRows ? shards.end - shards.first : 1 },
          (_, i) => i === 0 ? scratch : this.#prepared(layer, l, like(scratch, allocate)),
        ),
        zeros: like(averaged, allocate),
      };
    });
  }

  /** The rows of a batch that are this process's; null where none are. */
  own(buffers: BatchBuffers): BatchPart | null {
    return this.#cut(buffers).own;
  }

  /** As `Sequential.forward`, for this process's rows. */
  forward(buffers: BatchBuffers, step: number): void {
    const cut = this.#cut(buffers);
    this.#layers.forEach((layer, l) => {
      if (passesOn(layer, true)) return;
      const call = (on: LayerMatrices, { outputs, x }: Pick<BatchBuffers, "outputs" | "x">) =>
        layer.forward(on, outputs[l]!, outputs[l - 1] ?? x, step);
      if (layer.goesByPlace) return call(this.#matrices[l], buffers);
      if (!layer.mixesRows) return cut.own && call(this.#matrices[l], cut.own);
      const { averaged, zeros } = this.#places[l];
      this.#addUp(cut, averaged, (shard, place, part) => {
        for (const [name, value] of Object.entries(averaged[place])) {
          this.#backend.add(value, this.#matrices[l].values[name], zeros[name], 1);
        }
        call(this.#on(l, shard, place, true), part);
      });
    });
  }

  /** As `Sequential.backward`: leaves sums over this process's shards in the gradients. */
  backward(buffers: BatchBuffers, step: number): void {
    const cut = this.#cut(buffers);
    const first = this.#firstTrained;
    for (let l = this.#layers.length - 1; l >= first; l--) {
      const layer = this.#layers[l];
      if (passesOn(layer, true)) continue;
      const call = (
        on: LayerMatrices,
        { outputs, gradients, x }: Pick<BatchBuffers, "outputs" | "gradients" | "x">,
        isAll = true,
      ) => {
        const dx = isAll && l > first ? gradients[l - 1] ?? null : null;
        layer.backward(on, dx, gradients[l]!, outputs[l - 1] ?? x, outputs[l]!, step);
      };
      const { gradients } = this.#places[l];
      if (layer.goesByPlace) call(this.#matrices[l], buffers);
      else if (!layer.mixesRows && Object.keys(gradients[0]).length === 0) {
        if (cut.own) call(this.#matrices[l], cut.own);
      } else {
        const dx = l > first ? cut.own?.gradients[l - 1] ?? null : null;
        const isApart = layer.backwardInput !== undefined;
        this.#addUp(
          cut,
          gradients,
          (shard, place, part) => call(this.#on(l, shard, place, false), part, !isApart),
        );
        if (isApart && dx) layer.backwardInput!(this.#matrices[l], dx, cut.own!.gradients[l]!);
      }
    }
  }

  /** Once sums are those of all processes: takes the averages of what each shard has changed by itself. */
  finish(): void {
    this.#places.forEach(({ averaged: [sums], zeros }, l) => {
      for (const [name, sum] of Object.entries(sums)) {
        this.#backend.add(this.#matrices[l].values[name], sum, zeros[name], 1 / this.#shards.count);
      }
    });
  }

  /** Calls `take` for each shard, and adds what it leaves in `places`. */
  #addUp(
    { steps, parts }: Cut,
    places: readonly Readonly<Named>[],
    take: (shard: number, place: number, part: BatchPart) => void,
  ): void {
    // What is added to anything is that: also zeros, whose sign stays.
    if (steps.length === 0) {
      for (const sum of Object.values(places[0])) {
        this.#backend.write(sum, new Float32Array(sum.rows * sum.columns).fill(-0));
      }
    }
    for (const { place, shard } of steps) {
      if (shard !== null) take(shard, place, parts.get(shard)!);
      else {
        for (const [name, sum] of Object.entries(places[place])) {
          this.#backend.add(sum, sum, places[place + 1][name], 1);
        }
      }
    }
  }

  /** What a layer works on for a shard that goes to a place of the tree. */
  #on(l: number, shard: number, place: number, isForward: boolean): LayerMatrices {
    const key = `${l} ${shard} ${place} ${isForward}`;
    const known = this.#calls.get(key);
    if (known) return known;
    const { values } = this.#matrices[l];
    const { gradients, averaged, scratch } = this.#places[l];
    const on = {
      backend: this.#backend,
      values: isForward ? { ...values, ...averaged[place] } : values,
      gradients: gradients[place],
      scratch: scratch[scratch.length === 1 ? 0 : shard - this.#shards.first],
    };
    this.#calls.set(key, on);
    return on;
  }

  #cut(buffers: BatchBuffers): Cut {
    const known = this.#cuts.get(buffers);
    if (known) return known;
    const { rows } = buffers.x;
    const partOf = ({ start, end }: { start: number; end: number }): BatchPart => {
      const view = <M extends Matrix | ByteMatrix>(matrix: M): M => {
        // A layer may have several rows of a matrix for one of the batch.
        const each = matrix.rows / rows;
        return this.#backend.view(matrix, start * each, (end - start) * each);
      };
      const views = (matrices: readonly (Matrix | null)[]) => matrices.map((it) => it && view(it));
      const { x, outputs, gradients } = buffers;
      const [ofOutputs, ofGradients] = [views(outputs), views(gradients)];
      return { x: view(x), outputs: ofOutputs, gradients: ofGradients, firstRow: start };
    };
    const { count, first, end } = this.#shards;
    const own = ownRange(rows, this.#shards);
    const parts = Array.from({ length: end - first }, (_, i) => first + i)
      .map((shard) => [shard, shardRange(rows, shard, count)] as const)
      .filter(([, range]) => range.end > range.start)
      .map(([shard, range]) => [shard, partOf(range)] as const);
    const cut = {
      own: own.end === own.start ? null : own.end - own.start === rows ? buffers : partOf(own),
      parts: new Map(parts),
      steps: treeSteps(rows, this.#shards),
    };
    this.#cuts.set(buffers, cut);
    return cut;
  }

  /** Scratch that another shard has, as it is in the beginning. */
  #prepared(layer: Layer, l: number, scratch: Named): Named {
    layer.prepare?.({ ...this.#matrices[l], scratch });
    return scratch;
  }
}

function mapValues(named: Readonly<Named>, to: (matrix: Matrix) => Matrix): Named {
  return Object.fromEntries(Object.entries(named).map(([name, value]) => [name, to(value)]));
}
