/** What may happen on the way: a device fails, or another process continues. */
import * as v from "valibot";
import { count, exactly, fields, type Read, text } from "../shared/fields.ts";
import { backendRecord, processesRecord, runEnvironment } from "./run_record.ts";

/** A device failed; from here on another back end computes, from the last epoch that was completed. */
export const fallbackRecord = fields({
  type: exactly("fallback"),
  /** That epoch; 0 where there was none. */
  epoch: count,
  environment: backendRecord,
  /** One line on what went wrong. */
  error: text,
});
export type FallbackRecord = Read<typeof fallbackRecord>;

/**
 * Another process continues with the run, from here on. An `end` before it counts no more. What was trained after the
 * checkpoint from which it continues is trained again, to the same bits, and its epochs are not written again.
 */
export const resumeRecord = fields({
  type: exactly("resume"),
  /** ISO 8601, UTC. */
  resumedAt: text,
  /** Epochs that the checkpoint has, and batches of the next one. */
  epoch: count,
  batch: count,
  environment: runEnvironment,
  /** Who trains it from here on; absent where one process does. */
  processes: v.optional(processesRecord),
});
export type ResumeRecord = Read<typeof resumeRecord>;
