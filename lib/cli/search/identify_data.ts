/** Which data a search is on, read by a process that may start no other: the search itself reads no file of a data set. */
import type { Search } from "../../run_log/search/search.ts";
import { type Preset, PRESETS } from "../../config/presets.ts";
import { UsageError, WeftError } from "../../errors.ts";
import { NEEDS_DATA } from "../first_start.ts";
import { interruption } from "../interruption.ts";
import { NeedsDataError } from "../load_data.ts";
import { printError } from "../output.ts";
import { TASKS } from "../../task/mod.ts";
import type { Task } from "../../task/task.ts";
import { startData } from "./train_process.ts";

export interface IdentifiedData extends Pick<Search["dataset"], "name" | "sha256"> {
  readonly task: Task;
  /** What trials begin with, unless their space names one; null where that is the default. */
  readonly preset: Preset | null;
}

const NOTE = /^note: /;
const CHECKSUM = /^[0-9a-f]{64}$/;

/**
 * @param args of `data` that name the data
 * @throws {WeftError} what `data` says of a data set that cannot be used
 * @throws {InterruptedError} on Ctrl-C
 */
export async function identifyData(args: readonly string[]): Promise<IdentifiedData> {
  using interrupted = interruption();
  await using child = startData(args);
  const [stdout, stderr, { code }] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.status,
  ]);
  interrupted.signal.throwIfAborted();
  const lines = stderr.split("\n").filter((line) => line !== "");
  for (const line of lines) if (NOTE.test(line)) printError(line);
  if (code !== 0) throw failure(code, lines.filter((line) => !NOTE.test(line)).join("\n"));
  return datasetIn(stdout);
}

function failure(code: number, text: string): WeftError {
  const message = text.replace(/^error: /, "");
  if (code === NEEDS_DATA) return new NeedsDataError("");
  if (code === new UsageError("").exitCode) return new UsageError(message);
  return new WeftError(message || `Cannot read the data: the process that does ended with ${code}`);
}

/** What it says has been read from files of anyone's making, so it is taken for what it should be and no more. */
function datasetIn(text: string): IdentifiedData {
  const { name, sha256, task, preset, refusal } = JSON.parse(text);
  if (typeof refusal === "string") throw new UsageError(refusal);
  const checksums = Object.entries(sha256).map(([file, checksum]) => [file, String(checksum)]);
  if (typeof name === "string" && checksums.every(([, checksum]) => CHECKSUM.test(checksum))) {
    return {
      name,
      sha256: Object.fromEntries(checksums),
      // Data that say nothing of a task have classes.
      task: Object.values(TASKS).find((known) => known.name === task) ?? TASKS.classification,
      preset: Object.hasOwn(PRESETS, preset) ? preset : null,
    };
  }
  throw new WeftError("Cannot search: the process that reads the data says nothing of its files");
}
