/** What may happen on the way: a device fails, or another process continues. */
import { count, exactly, fields, type Read, text } from "../shared/fields.ts";
import { backendRecord, runEnvironment } from "./run_record.ts";

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
});
export type ResumeRecord = Read<typeof resumeRecord>;
