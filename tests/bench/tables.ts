/**
 * The preset `tabular` alone beside scikit-learn's linear model and MLP: test quarters of tables, the same rows for all, and
 * a step of training.
 */
import { adaptedTo } from "../../lib/config/adapted.ts";
import { PRESETS } from "../../lib/config/presets.ts";
import {
  createBackend,
  datasetOf,
  pickRows,
  readCsv,
  type TableDataset,
  type TaskName,
  train,
} from "../../lib/mod.ts";
import { median } from "../../lib/measure/statistics.ts";
import { MADE, madeTable } from "./made_tables.ts";
import { pathOf, runProgram } from "./processes.ts";

/** What is held out: a quarter of the rows, at the end or at the beginning of their shuffled order. */
type Part = "last" | "first";

interface Asked {
  readonly name: string;
  readonly target: string;
  readonly separator?: string;
  readonly isMade?: boolean;
}

const TABLES: readonly Asked[] = [
  { name: "iris", target: "species" },
  { name: "wine", target: "cultivar" },
  { name: "diabetes", target: "progression" },
  { name: "passengers", target: "survived" },
  { name: "tags", target: "tags", separator: "|" },
  ...Object.keys(MADE).map((name) => ({ name, target: "target", isMade: true })),
];

/** What each task is judged by. */
const METRICS: Readonly<Record<TaskName, string>> = {
  classification: "accuracy",
  binary: "accuracy",
  "multi-label": "microF1",
  regression: "r2",
};

/** Means over the seeds. */
export interface TableFigures {
  readonly name: string;
  readonly part: Part;
  readonly rows: number;
  readonly metric: string;
  readonly weft: number;
  readonly linear: number;
  readonly mlp: number;
  /** Standard deviation over the seeds of Weft's lead over the better of both. */
  readonly spread: number;
}

/** Milliseconds of a step: Weft's, scikit-learn's of the same network and batch, and as its MLP is by default. */
export interface TableSteps {
  readonly name: string;
  readonly batch: number;
  readonly weft: number;
  readonly same: number;
  readonly byDefault: number;
}

export interface TablesFigures {
  readonly version: string;
  readonly quality: readonly TableFigures[];
  readonly steps: readonly TableSteps[];
}

interface PeerResult {
  readonly version: string;
  readonly splits: readonly {
    readonly seed: number;
    readonly part: Part;
    readonly test: readonly number[];
    readonly linear: number;
    readonly mlp: number;
  }[];
  readonly step_ms: { readonly same: number; readonly default: number };
}

/** @param folder where made tables are written */
export async function measureTables(
  folder: string,
  quick: boolean,
): Promise<TablesFigures | { readonly reason: string }> {
  using backend = await createBackend({ backend: "wasm" });
  const quality: TableFigures[] = [];
  const steps: TableSteps[] = [];
  let version = "";
  await Deno.mkdir(folder, { recursive: true });
  for (const { name, target, separator, isMade } of TABLES) {
    const path = isMade ? `${folder}/${name}.csv` : pathOf(`../samples/tables/${name}.csv`);
    if (isMade) await Deno.writeTextFile(path, madeTable(name as keyof typeof MADE));
    const data = datasetOf(await readCsv(await Deno.readFile(path)), { target, separator });
    const { task } = data.targets;
    // Of the three quarters, a fifth validates.
    const rows = Math.floor(Math.ceil(data.rows * 3 / 4) * (1 - PRESETS.tabular.validation));
    const { batchSize: batch, hidden } = adaptedTo(rows, PRESETS.tabular);
    const seeds = quick ? 1 : 5;
    const asked = { path, target, task, seeds, hidden, batch };
    const peer = await runProgram("/usr/bin/python3", [
      "-B",
      pathOf("peers/sklearn_tables.py"),
      JSON.stringify(asked),
    ]);
    if ("reason" in peer) return peer;
    const result = peer.value as PeerResult;
    version = result.version;
    const stepMs: number[] = [];
    const scores: number[] = [];
    for (const { test } of result.splits) {
      const run = await trained(data, test, METRICS[task], backend);
      scores.push(run.score);
      stepMs.push(run.stepMs);
    }
    for (const part of ["last", "first"] as const) {
      const of = result.splits.flatMap((split, i) =>
        split.part === part ? [{ ...split, weft: scores[i] }] : []
      );
      const leads = of.map(({ weft, linear, mlp }) => weft - Math.max(linear, mlp));
      quality.push({
        name,
        part,
        rows: data.rows,
        metric: METRICS[task],
        weft: mean(of.map(({ weft }) => weft)),
        linear: mean(of.map(({ linear }) => linear)),
        mlp: mean(of.map(({ mlp }) => mlp)),
        spread: Math.sqrt(mean(leads.map((lead) => (lead - mean(leads)) ** 2))),
      });
    }
    const { same, default: byDefault } = result.step_ms;
    steps.push({ name, batch, weft: Math.min(...stepMs), same, byDefault });
  }
  return { version, quality, steps };
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** The preset alone on all rows but `test`: what its model reaches there, and the median of its steps. */
async function trained(
  data: TableDataset,
  test: readonly number[],
  metric: string,
  backend: Awaited<ReturnType<typeof createBackend>>,
): Promise<{ readonly score: number; readonly stepMs: number }> {
  const isTest = new Set(test);
  const rest = Uint32Array.from({ length: data.rows }, (_, row) => row)
    .filter((row) => !isTest.has(row));
  const epochs: number[] = [];
  let batches = 0;
  let score = NaN;
  const parts = { train: pickRows(data, rest), test: pickRows(data, Uint32Array.from(test)) };
  for await (const event of train({ ...parts, backend })) {
    if (event.type === "start") batches = event.batches;
    if (event.type === "epoch") {
      epochs.push((event.epochMs - (event.phasesMs.validate ?? 0)) / batches);
    }
    if (event.type === "end") score = event.test![metric]!;
  }
  return { score, stepMs: median(epochs) };
}
