/**
 * The columns of a table as inputs of an ONNX graph, and what makes features of them, as `encode` does: numbers are
 * float32 [N, 1], NaN for a hole; categories text [N, 1], empty for a hole; lists float32 [N, size].
 *
 * Differences and quotients are taken in float64, as `encode` takes them, but from numbers of float32. Texts are compared as
 * they are: a number is to be written as JavaScript writes it, without spaces around it.
 */
import type { InputColumn, Preprocessing } from "../dataset/preprocessing/preprocessing.ts";
import { inputCount, widthOf } from "../dataset/preprocessing/preprocessing.ts";
import { HOLES } from "../dataset/table.ts";
import {
  DOUBLE,
  FLOAT,
  type GraphValue,
  type Initializer,
  type Node,
  STRING,
} from "./onnx_messages.ts";

/** Where the operator that finds a text in a list is defined, and the version that is used. */
export const TEXT_OPERATORS = { "ai.onnx.ml": 2 };

export interface ColumnGraph {
  readonly inputs: readonly GraphValue[];
  readonly nodes: readonly Node[];
  readonly initializers: readonly Initializer[];
}

/**
 * @param features what to call the features, float32 [N, I]
 * @param taken    names of the rest of the graph: a column of such a name becomes an input with `_` at one end
 */
export function columnGraph(
  preprocessing: Preprocessing,
  features: string,
  taken: ReadonlySet<string>,
): ColumnGraph {
  const { columns, window } = preprocessing;
  const inputs: GraphValue[] = [];
  const nodes: Node[] = [];
  const initializers: Initializer[] = [];
  const used = new Set(taken);
  const parts = columns.flatMap((column, i) => {
    // The graph's own names for columns begin like this.
    let name = column.name.startsWith("column.") ? `_${column.name}` : column.name;
    while (used.has(name)) name += "_";
    used.add(name);
    const graph = graphOf(column, name, `column.${i}`);
    inputs.push(graph.input);
    nodes.push(...graph.nodes);
    initializers.push(...graph.initializers);
    return graph.parts;
  });
  const rows = window ? "column.rows" : features;
  nodes.push({
    operator: "Concat",
    inputs: parts,
    output: rows,
    attributes: { axis: { int: 1 } },
  });
  if (window) {
    // The rows of a window one after the other, and so of all windows.
    const size = BigInt(inputCount(preprocessing));
    initializers.push({ name: "column.window", shape: [2], data: BigInt64Array.of(-1n, size) });
    nodes.push({ operator: "Reshape", inputs: [rows, "column.window"], output: features });
  }
  // What a call sends is rows, of which each prediction takes several.
  const own = inputs.map(({ shape: [, size], ...input }) => ({ ...input, shape: ["rows", size] }));
  return { inputs: window ? own : inputs, nodes, initializers };
}

/** Of one column. */
interface OneColumn {
  readonly input: GraphValue;
  readonly nodes: readonly Node[];
  readonly initializers: readonly Initializer[];
  /** What it becomes, each float32 [N, some features]. */
  readonly parts: readonly string[];
}

function graphOf(column: InputColumn, name: string, prefix: string): OneColumn {
  switch (column.kind) {
    case "number": {
      const { impute, indicator, mean, std } = column;
      const [hole, missing, filled] = ["hole", "missing", "filled"].map((it) => `${prefix}.${it}`);
      const standardized = standardize(`${prefix}`, filled, [mean], [std]);
      return {
        input: { name, type: FLOAT, shape: ["N", 1] },
        nodes: [
          { operator: "IsNaN", inputs: [name], output: hole },
          cast(name, `${prefix}.exact`, DOUBLE),
          {
            operator: "Where",
            inputs: [hole, `${prefix}.impute`, `${prefix}.exact`],
            output: filled,
          },
          ...standardized.nodes,
          ...indicator ? [cast(hole, missing, FLOAT)] : [],
        ],
        initializers: [
          { name: `${prefix}.impute`, shape: [1], data: Float64Array.of(impute) },
          ...standardized.initializers,
        ],
        parts: [standardized.output, ...indicator ? [missing] : []],
      };
    }
    case "category":
      return categoryGraph(column, name, prefix);
    case "vector": {
      const { size, mean, std } = column;
      const input = { name, type: FLOAT, shape: ["N", size] };
      if (!mean || !std) return { input, nodes: [], initializers: [], parts: [name] };
      const exact = `${prefix}.exact`;
      const { nodes, initializers, output } = standardize(prefix, exact, mean, std);
      return { input, nodes: [cast(name, exact, DOUBLE), ...nodes], initializers, parts: [output] };
    }
  }
}

/** A row of the identity for each value, by its place. */
function categoryGraph(
  column: Extract<InputColumn, { readonly kind: "category" }>,
  name: string,
  prefix: string,
): OneColumn {
  const { values, hole } = column;
  const width = widthOf(column);
  const unknown = width - 1;
  const holes = hole ? [...HOLES] : [];
  const [place, rows, identity, shape, output] = ["place", "rows", "identity", "shape", "features"]
    .map((it) => `${prefix}.${it}`);
  const ones = new Float32Array(width * width);
  for (let i = 0; i < width; i++) ones[i * width + i] = 1;
  return {
    input: { name, type: STRING, shape: ["N", 1] },
    nodes: [
      {
        operator: "LabelEncoder",
        domain: "ai.onnx.ml",
        inputs: [name],
        output: place,
        attributes: {
          keys_strings: { strings: [...values, ...holes] },
          values_int64s: { ints: [...values.keys(), ...holes.map(() => unknown - 1)] },
          default_int64: { int: unknown },
        },
      },
      { operator: "Gather", inputs: [identity, place], output: rows },
      { operator: "Reshape", inputs: [rows, shape], output },
    ],
    initializers: [
      { name: identity, shape: [width, width], data: ones },
      // The number of rows stays.
      { name: shape, shape: [2], data: BigInt64Array.of(0n, BigInt(width)) },
    ],
    parts: [output],
  };
}

/** (x - mean) / std, from float64 to float32. */
function standardize(
  prefix: string,
  x: string,
  mean: readonly number[],
  std: readonly number[],
): Pick<OneColumn, "nodes" | "initializers"> & { readonly output: string } {
  const output = `${prefix}.standardized`;
  return {
    nodes: [
      { operator: "Sub", inputs: [x, `${prefix}.mean`], output: `${prefix}.centered` },
      {
        operator: "Div",
        inputs: [`${prefix}.centered`, `${prefix}.std`],
        output: `${prefix}.scaled`,
      },
      cast(`${prefix}.scaled`, output, FLOAT),
    ],
    initializers: [
      { name: `${prefix}.mean`, shape: [mean.length], data: Float64Array.from(mean) },
      { name: `${prefix}.std`, shape: [std.length], data: Float64Array.from(std) },
    ],
    output,
  };
}

function cast(x: string, output: string, to: number): Node {
  return { operator: "Cast", inputs: [x], output, attributes: { to: { int: to } } };
}
