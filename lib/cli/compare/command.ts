/** `compare`: trains the same network on each back end there is, and says which is faster where. */
import { host } from "../../host/mod.ts";
import type { TrainConfig } from "../../config/options.ts";
import type { Preset } from "../../config/presets.ts";
import { requestedConfig } from "../../config/resolve.ts";
import { UsageError } from "../../errors.ts";
import { compareBackends } from "../../measure/compare_backends.ts";
import { comparedRun } from "../../measure/compared_run.ts";
import type { BackendName } from "../../measure/backend_names.ts";
import { planContenders } from "../../measure/contender_plans.ts";
import { QUICK, THOROUGH } from "../../measure/budget.ts";
import { sampleRows } from "../../measure/some_rows.ts";
import { COMPARE_SCHEMA, type Comparison } from "../../run_log/comparison/comparison.ts";
import { printable } from "../../report/display_width.ts";
import { FolderClaim, removeAllAbandoned } from "../../run_log/shared/folder_claim.ts";
import { HeldFolder } from "../../run_log/shared/held_folder.ts";
import { requireFreeRunName } from "../../run_log/run/run_folder.ts";
import { comparisonReport } from "./report.ts";
import { printAdapters, quietDrivers } from "../choose_backend.ts";
import { INTERRUPTED, interruption } from "../interruption.ts";
import { loadData } from "../load_data.ts";
import { print, printError, printErrorLine, printJson, StatusLine } from "../output.ts";
import { COMPARISON_FILE, RUNS_DIR } from "../../run_log/shared/file_names.ts";
import { runsFolder } from "../places.ts";
import { makeRunFolder, requireLeaveForRuns } from "../task_line.ts";

const RUNS_PREFIX = new RegExp(`^${RUNS_DIR}/`);

/** Options as commander hands them over; what the user left out is undefined. */
export interface CompareCommandOptions extends Partial<TrainConfig> {
  readonly preset?: Preset;
  readonly backends: readonly BackendName[];
  readonly adapter?: string;
  readonly quick?: boolean;
  readonly dataDir?: string;
  readonly out?: string;
  readonly json?: boolean;
  readonly debug?: boolean;
}

/** @returns the exit code: 0 completed, 1 no back end could be measured, 130 interrupted */
export async function compareCommand(options: CompareCommandOptions): Promise<number> {
  if (options.adapter === "list") return await printAdapters(options);
  requireLeaveForRuns();
  const startedAt = new Date();
  const startedMs = performance.now();
  if (options.adapter !== undefined && !options.backends.includes("webgpu")) {
    throw new UsageError(
      `Cannot compare on the adapter "${options.adapter}" with --backends ${options.backends}: ` +
        "only webgpu has adapters; add it, or leave --adapter out",
    );
  }
  const { preset = "baseline", backends, adapter, quick = false, json, debug } = options;
  // Also as the path that the command says at its end.
  const out = options.out?.replace(RUNS_PREFIX, "").replace(/\/$/, "");
  const budget = quick ? QUICK : THOROUGH;
  const epochs = options.epochs ?? budget.epochs;
  const config = requestedConfig({ ...options, epochs }, preset);
  removeAllAbandoned(runsFolder());
  if (out !== undefined) requireFreeRunName(runsFolder(), out);
  quietDrivers();
  const processors = navigator.hardwareConcurrency;
  const plans = await planContenders({ backends, adapter, processors, fewThreads: quick });
  const { dataset } = await loadData(options.dataDir);
  const images = sampleRows(dataset.train, budget.mostRows ?? Infinity, config.splitSeed);
  const run = comparedRun(images, dataset.classNames, config);
  // Made now, so that a place that cannot be written to is found before minutes are spent.
  const folder = makeRunFolder(out ?? { comparedAt: startedAt });
  const held = HeldFolder.at(folder.path);
  using owned = new DisposableStack();
  const claim = FolderClaim.ofNew(held);
  // A comparison that comes to nothing leaves no folder.
  owned.defer(() => claim.end());

  using status = new StatusLine();
  using interrupted = interruption();
  const { multiplyAddGflops, ...findings } = await compareBackends({
    run,
    plans,
    budget,
    signal: interrupted.signal,
    onProgress: (what) => status.set(what),
    onFailure(label, error) {
      if (!debug) return;
      status.clear();
      printError(`${label}: ${host.inspect(error)}`);
    },
  });
  status.clear();
  const comparison: Comparison = {
    type: "comparison",
    schema: COMPARE_SCHEMA,
    name: folder.name,
    startedAt: startedAt.toISOString(),
    totalMs: performance.now() - startedMs,
    config: {
      preset,
      ...config,
      backends,
      adapter: adapter ?? null,
      quick,
      dataDir: options.dataDir ?? null,
    },
    dataset: {
      name: dataset.name,
      train: run.split.train.length,
      validation: run.split.validation.length,
      test: dataset.test?.rows ?? 0,
      sha256: dataset.sha256,
    },
    environment: {
      deno: host.version.deno,
      v8: host.version.v8,
      os: host.build.os,
      arch: host.build.arch,
      cpus: processors,
      multiplyAddGflops,
    },
    ...findings,
  };
  let files: string[];
  try {
    files = await writeFiles(held, comparison);
  } finally {
    if (json) printJson(comparison);
    else print(comparisonReport(comparison));
  }
  if (!json) print(`\n${printable(folder.path)}/: ${files.join(", ")}`);
  if (comparison.status === "failed") {
    printErrorLine("error: Cannot compare: no back end could be measured; see why above");
  }
  return { completed: 0, failed: 1, interrupted: INTERRUPTED }[comparison.status];
}

/** @returns the names of the files */
async function writeFiles(folder: HeldFolder, comparison: Comparison): Promise<string[]> {
  // Imported now, because a charting library takes a while to load.
  const { comparisonPlots } = await import("./plots.ts");
  const files = {
    [COMPARISON_FILE]: `${JSON.stringify(comparison, null, 1)}\n`,
    ...comparisonPlots(comparison),
  };
  for (const [name, text] of Object.entries(files)) {
    await folder.write(name, new TextEncoder().encode(text));
  }
  return Object.keys(files);
}
