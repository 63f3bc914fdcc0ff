/** A run that is to continue: what its folder knows of it. */
import { installation } from "../../host/mod.ts";
import type { Backend } from "../../backend/mod.ts";
import { createBackend } from "../../backends/mod.ts";
import { sniff } from "../../bytes/sniff.ts";
import type { TrainConfig } from "../../config/options.ts";
import { optionsIn, recordedConfig } from "../../config/resolve.ts";
import type { Fold } from "../../dataset/folds.ts";
import { UsageError, WeftError } from "../../errors.ts";
import { CHECKPOINTS_DIR, LOG_FILE } from "../../run_log/shared/file_names.ts";
import { HeldFolder } from "../../run_log/shared/held_folder.ts";
import { NoOwnFileError, readOwnFile, requireOwnFile } from "../../run_log/shared/open_file.ts";
import { parseRunLog } from "../../run_log/run/reader.ts";
import { checkRunName, type RunFolder } from "../../run_log/run/run_folder.ts";
import type { EpochRecord, RunDataset, RunRecord } from "../../run_log/run/records.ts";
import { RunLogWriter } from "../../run_log/run/writer.ts";
import {
  adapterOf,
  differencesOf,
  type RunIdentity,
  type TrainingState,
} from "../../train/checkpoint/state.ts";
import { Checkpoints } from "./checkpoints.ts";
import { printErrorLine } from "../output.ts";
import type { CommonOptions } from "../options/common.ts";
import { runsFolder } from "../places.ts";

export interface ResumableRun extends Disposable {
  readonly folder: RunFolder;
  /** Its first record. */
  readonly record: RunRecord;
  /** What its log has so far. */
  readonly epochs: readonly EpochRecord[];
  /** Claims the run for this process until it is closed. */
  readonly log: RunLogWriter;
  /** Null where it was killed before its first checkpoint: then it begins again. */
  readonly state: TrainingState | null;
  /** How long it was trained so far, as far as is known: the log may know of more than the last checkpoint. */
  readonly elapsedMs: number;
}

/**
 * Claims the run of that name.
 *
 * @throws {UsageError} where there is none, it is over, another process is training it, or no checkpoint can be used
 * @throws {WeftError} where its log or its checkpoints cannot be read
 */
export async function openRun(name: string): Promise<ResumableRun> {
  checkRunName(name);
  const path = `${runsFolder()}/${name}`;
  const refuse = (reason: string): never => {
    throw new UsageError(`Cannot resume ${name}: ${reason}`);
  };
  try {
    requireOwnFile(`${path}/${LOG_FILE}`);
  } catch (error) {
    if (error instanceof NoOwnFileError) refuse(`in ${path}, ${error.message}`);
    refuse(`there is no ${path}/${LOG_FILE}; name a run below ${runsFolder()}/`);
  }
  using owned = new DisposableStack();
  const log = owned.use(RunLogWriter.resume(`${path}/${LOG_FILE}`));
  const bytes = readOwnFile(`${path}/${LOG_FILE}`);
  const { run: record, epochs, end } = parseRunLog(bytes);
  if (!record) {
    const kind = sniff(bytes);
    const isLog = !kind || kind.format === "log" || kind.format === "JSON";
    const found = isLog ? "" : ` (it is ${kind.what})`;
    return refuse(`its log has no run record${found}, so nothing was trained; start it anew`);
  }
  if (end?.status === "completed") refuse("it is completed; start another run");
  if (end?.status === "diverged") {
    refuse("it diverged, and would again; start another with a smaller --learning-rate");
  }
  const state = await new Checkpoints(HeldFolder.at(path)).latest((message) =>
    printErrorLine(`note: ${message}`)
  );
  if (!state) printErrorLine(`note: ${path} has no checkpoint yet; it begins again`);
  const lost = lostEpochs(epochs, state?.progress.epoch ?? 0);
  if (lost.length > 0) {
    printErrorLine(`note: the log of ${name} lacks ${lost.join(", ")}; they are not trained again`);
  }
  const elapsedMs = Math.max(state?.progress.elapsedMs ?? 0, epochs.at(-1)?.elapsedMs ?? 0);
  const moved = owned.move();
  return {
    folder: { name, path },
    record,
    epochs,
    log,
    state,
    elapsedMs,
    [Symbol.dispose]: () => moved.dispose(),
  };
}

/**
 * Epochs that a log does not have and will not get, because its epochs rise, as in "epoch 3" or "epochs 5 to 7". A power cut
 * may leave some out.
 *
 * @param done epochs that are not trained again
 */
function lostEpochs(epochs: readonly EpochRecord[], done: number): string[] {
  const lost: string[] = [];
  let next = 1;
  for (const epoch of [...epochs.map(({ epoch }) => epoch), done + 1]) {
    if (epoch === next + 1) lost.push(`epoch ${next}`);
    else if (epoch > next) lost.push(`epochs ${next} to ${epoch - 1}`);
    next = Math.max(next, epoch + 1);
  }
  return lost;
}

/**
 * The run's preset and configuration.
 *
 * @param options what the user gave: it must be the same
 * @throws {UsageError} which names what differs, from the log in the checkpoint or in what was given
 */
export function plannedFor(
  { folder, record, state }: ResumableRun,
  options: Partial<TrainConfig> & { readonly preset?: string },
): { readonly preset: string; readonly config: TrainConfig } {
  const { preset } = record.config;
  if (typeof preset !== "string") {
    throw new WeftError(
      `Cannot resume ${folder.name}: the first line of its log names no preset, so it was changed; ` +
        "bring back the log, or start another run",
    );
  }
  const config = recordedConfig(optionsIn(record.config));
  const mixedUp = state ? differencesOf(config, state.identity.config) : [];
  if (mixedUp.length > 0) {
    throw new UsageError(
      `Cannot resume ${folder.name} from its checkpoint: that is of another run than the log, ${
        mixedUp.join(", ")
      }; bring back its own, or remove ${folder.path}/${CHECKPOINTS_DIR} to begin the run again`,
    );
  }
  const given = { ...config, ...optionsIn(options) };
  const differences = [
    ...differencesOf({ preset }, { preset: options.preset ?? preset }),
    ...differencesOf(config, given),
  ];
  if (differences.length === 0) return { preset, config };
  throw new UsageError(
    `Cannot resume ${folder.name} with other options: ${differences.join(", ")}; leave them out`,
  );
}

/** @throws {UsageError} where the data is not what the run was begun with */
export function requireSameData(
  { folder, record }: Pick<ResumableRun, "folder" | "record">,
  { sha256 }: Pick<RunDataset, "sha256">,
): void {
  const differences = differencesOf(record.dataset.sha256, sha256);
  if (differences.length === 0) return;
  throw new UsageError(
    `Cannot resume ${folder.name} with other data: ${differences.join(", ")}; ` +
      (typeof record.config.data === "string"
        ? `bring back the file, or name it: ${installation.program} train FILE --resume ${folder.name}`
        : "pass the original data folder with --data-dir"),
  );
}

/** Which part of the rows validates, where the run is one of a cross-validation. */
export function foldOf({ record: { config: { fold, folds } } }: ResumableRun): Fold | null {
  return typeof fold === "number" && typeof folds === "number" ? { fold, folds } : null;
}

/** What is to compute, where the user does not say otherwise: what computed before, because others round otherwise. */
export function computingOf(
  { record, state }: ResumableRun,
  options: CommonOptions,
): CommonOptions {
  const computing = state?.identity.computing ?? record.environment as RunIdentity["computing"];
  const { backend, simd } = computing;
  const { threads, dataDir } = record.config;
  return {
    ...options,
    backend: options.backend === "auto" ? backend as CommonOptions["backend"] : options.backend,
    simd: options.simd === "auto" && simd !== null ? simd : options.simd,
    adapter: options.adapter ?? adapterOf(computing),
    threads: options.threads ?? (typeof threads === "number" ? threads : undefined),
    dataDir: options.dataDir ?? (typeof dataDir === "string" ? dataDir : undefined),
  };
}

/** What continues if the GPU that Weft had chosen fails; nothing where the user chose it. */
export function fallbackOf(
  { record }: ResumableRun,
  { simd, threads, backend }: CommonOptions,
): (() => Promise<Backend>) | undefined {
  if (backend !== "webgpu" || record.config.backend !== "auto") return undefined;
  return () => createBackend({ backend: "wasm", simd, threads });
}
