/**
 * The jobs of the WebAssembly kernels: for every row of the kernel table what a job's words are. The marshalling here
 * (jobs.ts) and the dispatcher in WebAssembly, which assembly/build_kernels.ts generates, are made from this one list.
 */
import {
  ACTIVATION_KINDS,
  activationGradientKernel,
  activationKernel,
  identifierOf,
} from "../../backend/activations.ts";
import type { Kernel, Size } from "../../backend/arguments.ts";
import { KERNELS } from "../../backend/table.ts";
import { type SizeSource, sourceOf } from "../../backend/shapes.ts";
import { UPDATE_RULES, updateKernel } from "../../backend/updates.ts";

/**
 * How a word stands in a job; a "double" takes two, the first of which is even. "scratch": the address for member 0. "member"
 * takes none: it is the number of the member that does a part.
 */
export type WordKind = "address" | "int" | "flag" | "float" | "double" | "scratch" | "member";

export interface Word {
  readonly name: string;
  readonly kind: WordKind;
  /** In a job, in units of four bytes. */
  readonly slot: number;
  /** The size or the argument that it holds. */
  readonly source: SizeSource | null;
  /** For an address: the argument that says from which row on. */
  readonly from: number | null;
}

export interface Job {
  /** Of the function in assembly/, which takes the words and then `begin` and `end`. */
  readonly name: string;
  /** Of its file there. */
  readonly file: string;
  readonly words: readonly Word[];
  /** The row that it is of; null for the parts of a product or a convolution. */
  readonly kernel: Kernel | null;
}

type Unplaced = Omit<Word, "slot">;

function placed(words: readonly Unplaced[]): Word[] {
  let slot = 0;
  return words.map((word) => {
    const wide = word.kind === "double";
    if (wide) slot += slot % 2;
    const at = slot;
    if (word.kind !== "member") slot += wide ? 2 : 1;
    return { ...word, slot: at };
  });
}

/** snake_case of a kernel's name without its direction: batch_norm for batchNormForward. */
function fileOf(name: string): string {
  return name.replace(/(Forward|Backward)$/, "")
    .replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function jobOf(name: string, kernel: Kernel): Job {
  const words = kernel.args.flatMap((argument, at): Unplaced[] => {
    const value: SizeSource = { argument: at, of: "value" };
    const word = { name: argument.name, source: value, from: null };
    switch (argument.kind) {
      case "float32":
      case "uint8":
      case "order": {
        const from = argument.from ? sourceOf(kernel, argument.from).argument : null;
        return [{ ...word, kind: "address", from }];
      }
      case "start":
      case "count":
        return [];
      case "uint32":
        return [{ ...word, kind: "int" }];
      case "number":
        return [{ ...word, kind: "float" }];
      case "fraction":
        return [{ ...word, kind: "double" }];
    }
  });
  const sizes = kernel.sizes.map((size: Size): Unplaced => ({
    name: `${size}`,
    kind: "int",
    source: sourceOf(kernel, size),
    from: null,
  }));
  return { name, file: fileOf(name), words: placed([...words, ...sizes]), kernel };
}

function part(
  name: string,
  words: Readonly<Record<string, WordKind>>,
  file = "gemm/gemm",
): Job {
  const unplaced = Object.entries(words).map(([name, kind]) => ({
    name,
    kind,
    source: null,
    from: null,
  }));
  return { name, file, words: placed(unplaced), kernel: null };
}

const ROOM = { scratch: "address", scratchBytes: "int", bytes: "flag" } as const;

/** The parts of a product and of a convolution: what products.ts and convolutions.ts set in this order. */
const PARTS = [
  part("gemmPackB", {
    packed: "address",
    b: "address",
    columns: "int",
    transposeB: "flag",
    alpha: "double",
    first: "int",
    firstStep: "int",
    steps: "int",
  }),
  part("gemmBlock", {
    c: "address",
    n: "int",
    width: "int",
    a: "address",
    columns: "int",
    bytes: "flag",
    transposeA: "flag",
    packed: "address",
    scratch: "scratch",
    firstStep: "int",
    steps: "int",
    accumulate: "flag",
  }),
  part("gemmNarrow", {
    c: "address",
    n: "int",
    width: "int",
    a: "address",
    columns: "int",
    transposeA: "flag",
    packed: "address",
    firstStep: "int",
    steps: "int",
    accumulate: "flag",
  }),
  part("convolvePack", {
    packed: "address",
    w: "address",
    shape: "address",
    alpha: "double",
    turned: "flag",
  }, "conv/pack_weights"),
  part("convolveImages", {
    y: "address",
    x: "address",
    packed: "address",
    bias: "address",
    shape: "address",
    ...ROOM,
    member: "member",
  }, "conv/convolve"),
  part("convolveWeights", {
    partials: "address",
    x: "address",
    dy: "address",
    shape: "address",
    ...ROOM,
    images: "int",
    parts: "int",
    hasBias: "flag",
    member: "member",
  }, "conv/weight_gradient"),
  part("winogradPack", {
    packed: "address",
    w: "address",
    shape: "address",
    alpha: "double",
    turned: "flag",
  }, "conv/winograd_images"),
  part("winogradImages", {
    y: "address",
    x: "address",
    packed: "address",
    bias: "address",
    shape: "address",
    ...ROOM,
    member: "member",
  }, "conv/winograd_images"),
  part("winogradWeights", {
    partials: "address",
    x: "address",
    dy: "address",
    shape: "address",
    ...ROOM,
    images: "int",
    parts: "int",
    hasBias: "flag",
    member: "member",
  }, "conv/winograd_weights"),
  part("convolveSum", {
    sums: "address",
    partials: "address",
    stride: "int",
    parts: "int",
    alpha: "float",
  }, "conv/weight_gradient"),
  part("depthwiseImages", {
    y: "address",
    x: "address",
    w: "address",
    bias: "address",
    shape: "address",
    ...ROOM,
    alpha: "float",
    turned: "flag",
    member: "member",
  }, "conv/depthwise"),
  part("depthwiseWeights", {
    partials: "address",
    x: "address",
    dy: "address",
    shape: "address",
    ...ROOM,
    images: "int",
    parts: "int",
    hasBias: "flag",
    member: "member",
  }, "conv/depthwise"),
];

/** Every job; its place is its number. */
export const JOBS: readonly Job[] = [
  ...PARTS,
  ...Object.entries(KERNELS).map(([name, kernel]) => jobOf(name, kernel)),
  ...ACTIVATION_KINDS.flatMap((kind) => [
    jobOf(`${identifierOf(kind)}Forward`, activationKernel(kind)),
    jobOf(`${identifierOf(kind)}Backward`, activationGradientKernel(kind)),
  ]),
  ...UPDATE_RULES.map((rule) => jobOf(rule, updateKernel(rule))),
];

/** The number of a job that ends the team's members. */
export const QUIT = -1;

/**
 * A number that another list of jobs would not have (FNV-1a): kernels that were built from one do not fit the
 * marshalling of another.
 */
export function fingerprintOf(jobs: readonly Job[]): number {
  const text = jobs.map(({ name, words }) =>
    `${name}(${words.map(({ name, kind }) => `${name}:${kind}`)})`
  ).join();
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}
