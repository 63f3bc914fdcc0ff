/**
 * A back end that writes down what it is asked to do, in words that do not depend on how buffers were made: a buffer is
 * called after the order in which the calls meet it. Two programs that write the same lines compute the same.
 */
import type { Backend, ByteMatrix, Matrix, RowIndices } from "../../lib/backend/mod.ts";

type Buffer = Matrix | ByteMatrix | RowIndices;

/** A buffer of `allocate...`, and the row from which on a view shows it. */
interface Place {
  readonly root: Buffer;
  readonly firstRow: number;
}

/** Members whose calls are not written down: what they do shows in the calls that use their results. */
const SILENT: ReadonlySet<string> = new Set(["settle", "takeDeviceMs", "release"]);

export class RecordingBackend {
  readonly backend: Backend;
  /** One call a line, in order. */
  readonly lines: string[] = [];
  readonly #places = new Map<unknown, Place>();
  readonly #names = new Map<unknown, string>();

  /** @param inner one that `createBackend` has made, whose members need no `this` */
  constructor(inner: Backend) {
    const place = <T extends Buffer>(buffer: T): T => {
      this.#places.set(buffer, { root: buffer, firstRow: 0 });
      return buffer;
    };
    const recorded: Record<string, unknown> = {};
    for (const [name, member] of Object.entries(inner)) {
      if (typeof member !== "function" || SILENT.has(name)) continue;
      recorded[name] = (...args: unknown[]) => {
        this.#write(name, args);
        return member(...args);
      };
    }
    this.backend = {
      ...inner,
      ...recorded,
      allocate: (rows, columns) => place(inner.allocate(rows, columns)),
      allocateBytes: (rows, columns) => place(inner.allocateBytes(rows, columns)),
      allocateOrder: (length) => place(inner.allocateOrder(length)),
      view: (matrix, firstRow, rows) => {
        const view = inner.view(matrix, firstRow, rows);
        const { root, firstRow: first } = this.#places.get(matrix)!;
        this.#places.set(view, { root, firstRow: first + firstRow });
        return view;
      },
    };
  }

  /** Forgets the calls so far; buffers are named anew. */
  clear(): void {
    this.lines.length = 0;
    this.#names.clear();
  }

  #write(name: string, args: readonly unknown[]): void {
    // What is copied is not the back end's: only where it goes to.
    const given = /^write/.test(name) ? args.slice(0, 1) : args;
    this.lines.push(inOneWording(name, given.map((value) => this.#wordOf(value)).filter(Boolean)));
  }

  #wordOf(value: unknown): string {
    const place = this.#places.get(value);
    if (place) return this.#bufferOf(value as Buffer, place);
    if (value === null || value === undefined) return "";
    if (Array.isArray(value)) {
      return value.map((item) => this.#wordOf(item)).filter(Boolean).join(" ");
    }
    if (typeof value !== "object") return String(value);
    return Object.entries(value).toSorted(([a], [b]) => a < b ? -1 : 1)
      .map(([key, item]) => [key, this.#wordOf(item)])
      .filter(([, word]) => word)
      .map(([key, word]) => `${key}=${word}`).join(" ");
  }

  #bufferOf(buffer: Buffer, { root, firstRow }: Place): string {
    let name = this.#names.get(root);
    if (!name) this.#names.set(root, name = `#${this.#names.size}`);
    if (!("rows" in buffer)) return `${name}[${buffer.length}]`;
    const bytes = buffer.element === "uint8" ? " bytes" : "";
    return `${name}[${firstRow ? `${firstRow}+` : ""}${buffer.rows}x${buffer.columns}${bytes}]`;
  }
}

const ACTIVATION = /^(sigmoid|relu|tanh|leakyRelu|gelu)(Forward|Backward)$/;
const UPDATES = ["sgd", "momentum", "adam", "rmsprop"];

/**
 * One wording for kernels that have a member each and for those that are named by an argument: `activation relu #1 #2`. The
 * numbers of an update stand in rising order, because only their wrapper knows their names.
 */
function inOneWording(name: string, words: readonly string[]): string {
  const activation = ACTIVATION.exec(name);
  if (activation) {
    const kind = activation[1].replace("R", "-r");
    const gradient = activation[2] === "Backward" ? "Gradient" : "";
    return [`activation${gradient}`, kind, ...words].join(" ");
  }
  if (name === "weightedCrossEntropy") {
    const [classWeights, weightSum, smoothing] = words.slice(6);
    const targets = `classWeights=${classWeights} smoothing=${smoothing} weightSum=${weightSum}`;
    return ["softmaxCrossEntropy", ...words.slice(0, 6), targets].join(" ");
  }
  const isUpdate = name === "update" || UPDATES.includes(name);
  if (!isUpdate) return [name, ...words].join(" ");
  const all = (name === "update" ? words : [name, ...words]).join(" ").split(" ")
    .map((word) => word.replace(/^\w+=/, ""));
  const buffers = all.filter((word) => word.startsWith("#"));
  const numbers = all.filter((word) => /^(-?\d|true|false)/.test(word)).map(Number.parseFloat)
    .filter(Number.isFinite).toSorted((a, b) => a - b);
  const kind = all.find((word) => UPDATES.includes(word));
  return ["update", kind, ...buffers, ...numbers].join(" ");
}
