/**
 * `deno task bench`: checks results, then measures them beside the machine's own limit and beside peers, in one run.
 * Exit codes: 0 done, 1 failed, 2 unusable arguments.
 */
import { CommanderError } from "commander";
import { loadDataset } from "../../data/load.ts";
import type { Dataset } from "../../lib/dataset/dataset.ts";
import { messageOf, WeftError } from "../../lib/errors.ts";
import { measureConvolution } from "./convolution.ts";
import { measureDashboard } from "./dashboard.ts";
import { measureEdge } from "./edge.ts";
import { measureEncode } from "./encode.ts";
import { measureEpochs } from "./epoch.ts";
import { KERNEL_CASES } from "./kernel_cases.ts";
import { measureKernels } from "./kernels.ts";
import { multiplyAddLimit } from "../../lib/measure/multiply_add_limit.ts";
import { threadCounts } from "../../lib/measure/thread_counts.ts";
import { describeMachine } from "./machine.ts";
import { type BenchOptions, readOptions } from "./options.ts";
import { comparePeers } from "./peers.ts";
import {
  convolutionTable,
  dashboardTable,
  edgeTable,
  encodeTable,
  epochTable,
  kernelTable,
  peerPlot,
  peerTable,
  scalingPlot,
  scalingTable,
  smallTable,
  startTable,
  tableQualityTable,
  tableStepsTable,
} from "./report.ts";
import { measureScaling } from "./scaling.ts";
import { measureSmall } from "./small.ts";
import { measureStart } from "./start.ts";
import { measureTables } from "./tables.ts";
import { digits, wrap } from "../../lib/report/table.ts";

/** Relative to the repository, where tasks run; ignored by git. */
const RESULTS = "coverage/bench";

/** Everything measured, for the JSON file. */
const results: Record<string, unknown> = {};

function print(text: string): void {
  console.log(`${text}\n`);
}

async function writePlot(name: string, svg: string): Promise<void> {
  await Deno.mkdir(RESULTS, { recursive: true });
  await Deno.writeTextFile(`${RESULTS}/${name}.svg`, svg);
}

/** The data set; null, and a line that says why, where it cannot be had. */
async function dataset(): Promise<Dataset | null> {
  try {
    return (await loadDataset()).dataset;
  } catch (error) {
    if (!(error instanceof WeftError || error instanceof Deno.errors.NotCapable)) throw error;
    const [reason] = messageOf(error).split("\n");
    print(
      wrap(`not measured: start, epoch, scaling, peers: ${reason} ("deno task data" fetches it)`),
    );
    return null;
  }
}

async function onKernels({ sections, quick }: BenchOptions, counts: readonly number[]) {
  const budgetMs = quick ? 40 : 200;
  const limit = await multiplyAddLimit();
  if (limit === null) throw new Error("The relaxed build does not run here: nothing to measure");
  results.limitGflops = limit;
  print(`128-bit multiply-add limit of one thread: ${digits(limit)} GFLOP/s`);
  for (const section of ["gemm", "kernels"] as const) {
    if (!sections.has(section)) continue;
    const wanted = KERNEL_CASES.filter(({ flops }) =>
      (flops !== undefined) === (section === "gemm")
    );
    const figures = await measureKernels(wanted, counts, budgetMs);
    results[section] = figures;
    print(kernelTable(figures, limit));
  }
  if (sections.has("small")) {
    const figures = await measureSmall(quick ? 20 : 100);
    results.small = figures;
    print(smallTable(figures));
  }
  if (sections.has("convolution")) {
    const figures = await measureConvolution(counts.at(-1)!, quick);
    results.convolution = figures;
    print(convolutionTable(figures, limit));
  }
  return limit;
}

async function onGpu({ quick }: BenchOptions): Promise<void> {
  const figures = await measureEncode(quick ? 500 : 3000);
  results.encode = figures;
  print(
    "reason" in figures ? wrap(`not measured: encode: ${figures.reason}`) : encodeTable(figures),
  );
}

async function onDashboard({ quick }: BenchOptions): Promise<void> {
  const result = await measureDashboard(quick);
  results.dashboard = result;
  if ("reason" in result) print(wrap(`not measured: dashboard: ${result.reason}`));
  else print(dashboardTable(result.figures));
}

async function onTables({ quick }: BenchOptions): Promise<void> {
  const figures = await measureTables(`${RESULTS}/tables`, quick);
  results.tables = figures;
  if ("reason" in figures) return print(wrap(`not measured: tables: ${figures.reason}`));
  print(tableQualityTable(figures));
  print(tableStepsTable(figures));
}

async function onData(
  { sections, quick }: BenchOptions,
  counts: readonly number[],
  limit: number,
  avx512: boolean,
): Promise<void> {
  const onData = ["start", "epoch", "scaling", "edge", "peers"] as const;
  if (!onData.some((name) => sections.has(name))) return;
  const data = await dataset();
  if (sections.has("edge")) {
    const figures = await measureEdge(`${RESULTS}/edge`, data?.test ?? null, quick);
    results.edge = figures;
    print("reason" in figures ? wrap(`not measured: edge: ${figures.reason}`) : edgeTable(figures));
  }
  if (!data) return;
  const [epochs, rounds] = quick ? [3, 1] : [6, 3];
  if (sections.has("start")) {
    const figures = await measureStart(quick ? 3 : 9);
    results.start = figures;
    if ("reason" in figures) print(wrap(`not measured: start: ${figures.reason}`));
    else print(startTable(figures));
  }
  if (sections.has("epoch")) {
    const figures = await measureEpochs(data, counts, epochs, rounds);
    results.epoch = figures;
    print(epochTable(figures));
  }
  if (sections.has("scaling")) {
    const axes = await measureScaling(data.train, counts, quick ? 60 : 300);
    results.scaling = axes;
    for (const axis of axes) {
      print(scalingTable(axis, limit));
      await writePlot(`scaling_${axis.name}`, scalingPlot(axis));
    }
  }
  if (sections.has("peers")) {
    const comparison = await comparePeers(data, counts, { epochs, rounds, avx512 });
    results.peers = comparison;
    print(peerTable(comparison));
    await writePlot("peers", peerPlot(comparison));
  }
}

async function bench(args: readonly string[]): Promise<number> {
  try {
    const options = readOptions(args);
    const machine = await describeMachine();
    results.machine = machine;
    print(wrap(
      `${machine.processor}, ${machine.processors} processors; Deno ${machine.deno}, V8 ${machine.v8}`,
    ));
    const counts = threadCounts(machine.processors);
    const limit = await onKernels(options, counts);
    if (options.sections.has("encode")) await onGpu(options);
    await onData(options, counts, limit, machine.avx512);
    if (options.sections.has("tables")) await onTables(options);
    if (options.sections.has("dashboard")) await onDashboard(options);
    await Deno.mkdir(RESULTS, { recursive: true });
    await Deno.writeTextFile(`${RESULTS}/results.json`, `${JSON.stringify(results, null, 1)}\n`);
    console.log(`JSON and plots are in ${RESULTS}/`);
    return 0;
  } catch (error) {
    // Commander has said why already; 0 stands for --help.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
}

Deno.exit(await bench(Deno.args));
