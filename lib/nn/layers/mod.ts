/**
 * The kinds of layers, and how they are written: in `--layers`, configurations, states and models alike.
 *
 *     conv 16 3x3, relu, pool 2, dense 64, relu, dropout 0.2, dense 32, tanh
 */
import { UsageError } from "../../errors.ts";
import type { LayerKind } from "../layer.ts";
import { activation } from "./activation.ts";
import { batchNorm } from "./batch_norm.ts";
import { conv2d } from "./conv2d.ts";
import { dense } from "./dense.ts";
import { dropout } from "./dropout.ts";
import { flatten } from "./flatten.ts";
import { averagePool2d, globalAveragePool, maxPool2d } from "./pool2d.ts";

// deno-lint-ignore no-explicit-any -- each kind reads and makes its own
const KINDS: readonly LayerKind<any>[] = [
  dense,
  conv2d,
  maxPool2d,
  averagePool2d,
  globalAveragePool,
  activation,
  batchNorm,
  dropout,
  flatten,
];

/** A layer as it was written. */
export interface WrittenLayer {
  readonly kind: LayerKind;
  /** What `kind` reads from it. */
  readonly spec: unknown;
  /** In the one way of writing it. */
  readonly text: string;
}

/** @throws {UsageError} where there is no such layer */
export function readLayer(given: string): WrittenLayer {
  const text = given.trim();
  const shown = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
  const [, word = "", rest = ""] = /^([a-z-]+)\s*(.*)$/.exec(text) ?? [];
  const kind = KINDS.find(({ words }) => words.includes(word));
  if (!kind) {
    const known = KINDS.map(({ usage }) => usage).join(", ");
    throw new UsageError(`Cannot train with the layer ${shown}: layers are ${known}`);
  }
  const spec = kind.parse(word, rest);
  if (spec === null) {
    const where = kind.where ? `, where ${kind.where}` : "";
    throw new UsageError(`Cannot train with the layer ${shown}: write ${kind.usage}${where}`);
  }
  return { kind, spec, text: kind.format(spec) };
}

/**
 * Layers in the one way of writing them, an item each.
 *
 * @param text with commas between them
 * @throws {UsageError} where one is not known, or it is no text
 */
export function readLayers(text: string): string[] {
  if (typeof text !== "string") {
    throw new UsageError(
      `Cannot train with layers = ${
        JSON.stringify(text)
      }: it must be a text, such as "dense 64, relu"`,
    );
  }
  return text.split(",").map((layer) => readLayer(layer).text);
}
