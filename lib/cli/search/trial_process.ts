/** Trains one trial of a search in a process of its own: an ordinary run, which `train` begins or continues with. */
import { LOG_FILE } from "../../run_log/shared/file_names.ts";
import { readOwnFile } from "../../run_log/shared/open_file.ts";
import { parseRunLog, type RunLog } from "../../run_log/run/reader.ts";
import type { EpochRecord, TrialMark } from "../../run_log/run/records.ts";
import type { TrialRecord } from "../../run_log/search/search.ts";
import { clearUnfinished, isTrial } from "../../run_log/search/trial_folder.ts";
import { isBeingWritten } from "../../run_log/run/writer.ts";
import type { Standing, TrialResult, TrialStep } from "../../search/progress.ts";
import { argumentsOf } from "./space.ts";
import { startTrain } from "./train_process.ts";
import { runsFolder } from "../places.ts";

/** Between two looks whether a process of a search that was killed has ended. */
const LOOK_MS = 50;

/** Of what a process says on its standard error. */
const MOST_STDERR = 100_000;

/** Of a trial that a launcher starts, where it is lost each time. */
const MOST_STARTS = 5;

/** No epoch: the run's own end. */
const NO_END = 1e9;

export interface TrialSettings {
  /** What its log has where the run is its own; null where an earlier version began the search, whose trials have none. */
  readonly mark: TrialMark | null;
  /** Arguments of `train` that name the data. */
  readonly data: readonly string[];
  /** What starts its process, on whichever machine that is; this process by default. */
  readonly launcher?: readonly string[];
  /** Aborted where trials shall stop where they are. */
  readonly signal: AbortSignal;
  /** Is told of every epoch. */
  readonly onEpoch: (epoch: EpochRecord) => void;
}

/**
 * Trains a trial until its rung.
 *
 * @returns what it has come to, whatever happens to the process
 */
export async function trainTrial(step: TrialStep, settings: TrialSettings): Promise<TrialResult> {
  const { launcher, mark } = settings;
  let result = await tryTrial(step, settings);
  // A search that was killed may have left a process that was just about to begin the run: it has done so by now.
  const isInTheWay = result.outcome === "failed" && step.trial.begun &&
    isUnderWay(ownLog(step.trial, mark));
  if (isInTheWay) result = await tryTrial(step, settings);
  // A machine that is lost takes the trial with it, which continues on another.
  const again = { ...step, trial: { ...step.trial, begun: true } };
  for (let starts = 1; launcher && starts < MOST_STARTS && isLost(result, step, mark); starts++) {
    result = await tryTrial(again, settings);
  }
  return result;
}

/** Whether a process ended without a word on why in the run's log. */
function isLost({ outcome }: TrialResult, { trial }: TrialStep, mark: TrialMark | null): boolean {
  return outcome === "failed" && ownLog(trial, mark)?.end?.status !== "failed";
}

async function tryTrial(
  { trial, until }: TrialStep,
  settings: TrialSettings,
): Promise<TrialResult> {
  const { mark, signal } = settings;
  let log = trial.begun ? await quietLog(trial, settings) : null;
  const known = log && resultOf(log, until);
  if (known && known.outcome !== "cut") return known;
  if (signal.aborted) return cut(log, trial);
  // Where something else has its name, `train` refuses, and leaves that as it is.
  if (trial.begun && !log && mark) clearUnfinished(runsFolder(), trial.run, mark);
  const stderr = await runTrain(trial, log ? "resume" : "run", until, settings);
  log = ownLog(trial, mark);
  const result = log ? resultOf(log, until) : null;
  if (result && (result.outcome !== "cut" || settings.signal.aborted)) return result;
  if (settings.signal.aborted) return cut(log, trial);
  return { ...cut(log, trial), outcome: "failed", error: lastError(stderr) };
}

function cut(log: RunLog | null, trial: TrialRecord): TrialResult {
  const { epochs, validationLoss, validationAccuracy, validation } = trial;
  return log
    ? { outcome: "cut", ...standOf(log) }
    : { outcome: "cut", epochs, validationLoss, validationAccuracy, validation };
}

/** What the log says of a run that no process trains. */
function resultOf(log: RunLog, until: number | null): TrialResult {
  const { end, epochs } = log;
  const stand = standOf(log);
  const error = end?.error === undefined ? {} : { error: end.error.slice(0, 1000) };
  if (end?.status === "completed") return { outcome: "reached", ...stand };
  if (end?.status === "diverged" || end?.status === "failed") {
    return { outcome: end.status, ...stand, ...error };
  }
  // It may have got further than it was to, where its epochs are short.
  const at = until === null ? undefined : epochs.find(({ epoch }) => epoch === until);
  return end && at ? { outcome: "reached", ...standAt(at) } : { outcome: "cut", ...stand };
}

function standOf({ epochs }: RunLog) {
  return standAt(epochs.at(-1) ?? { epoch: 0, validationLoss: null });
}

/** @param epoch as a log has it, or as `train --json` prints it */
export function standAt(
  { epoch, validationLoss, validationAccuracy = null, validation }:
    & Pick<EpochRecord, "epoch" | "validationLoss" | "validation">
    & Partial<Pick<EpochRecord, "validationAccuracy">>,
): Standing {
  return {
    epochs: epoch,
    validationLoss,
    validationAccuracy,
    ...(validation ? { validation } : {}),
  };
}

function isUnderWay(log: RunLog | null): boolean {
  return log !== null && log.end?.status !== "failed";
}

/** The log of the trial's run; null where there is none yet, or the name is another run's. */
function ownLog({ run: name }: TrialRecord, mark: TrialMark | null): RunLog | null {
  try {
    const log = parseRunLog(readOwnFile(logPath(name)));
    return log.run && (!mark || isTrial(log.run, name, mark)) ? log : null;
  } catch {
    return null;
  }
}

function logPath(run: string): string {
  return `${runsFolder()}/${run}/${LOG_FILE}`;
}

/** The log when nobody writes it any more: a process of a search that was killed ends after the batch under way. */
async function quietLog(
  trial: TrialRecord,
  { mark, signal }: TrialSettings,
): Promise<RunLog | null> {
  while (ownLog(trial, mark) && isBeingWritten(logPath(trial.run)) && !signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return ownLog(trial, mark);
}

/** @returns what it said on its standard error */
async function runTrain(
  { run, options }: TrialRecord,
  how: "run" | "resume",
  until: number | null,
  { mark, data, launcher, signal, onEpoch }: TrialSettings,
): Promise<string> {
  const args = [
    ...[`--${how}`, run, "--json", "--threads", "1", "--trial-until", String(until ?? NO_END)],
    ...(mark ? ["--trial-of", `${mark.search}:${mark.trial}`] : []),
    // One is left wherever it makes way; those between are for when it is killed.
    ...["--checkpoint-every", "10s"],
    // Which of several back ends is the fastest differs from time to time, and with it the bits.
    ...("backend" in options ? [] : ["--backend", "wasm"]),
    // A run that continues keeps what was said of its data.
    ...(how === "resume" && !data[0]?.startsWith("--") ? [] : data),
    ...argumentsOf(options),
  ];
  await using child = startTrain(run, mark, args, launcher);
  // Closing it tells the trial to stop; the system does so where this process is killed.
  const stop = () => void child.stdin.close().catch(() => {});
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  const [stderr] = await Promise.all([textOf(child.stderr), readEpochs(child.stdout, onEpoch)]);
  await child.status;
  signal.removeEventListener("abort", stop);
  if (!signal.aborted) await child.stdin.close().catch(() => {});
  return stderr;
}

async function readEpochs(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  onEpoch: (epoch: EpochRecord) => void,
): Promise<void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      if (line.startsWith('{"type":"epoch"')) onEpoch(JSON.parse(line));
    }
  }
}

async function textOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let text = "";
  for await (const piece of stream.pipeThrough(new TextDecoderStream())) {
    text = (text + piece).slice(-MOST_STDERR);
  }
  return text;
}

/** Why a process ended that left nothing in its log, in a line. */
function lastError(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  const line = lines.findLast((line) => line.startsWith("error: ")) ?? lines.at(-1);
  return line?.replace(/^error: /, "").slice(0, 1000) ?? "its process ended without a word";
}
