/**
 * Reads a few places of a log, enough for its line in the list of runs: its beginning, its end, and some epochs in between.
 * Takes as long for any log, so that a list is there before every log has been read.
 */

import { type RunLog, RunLogParser } from "../../lib/run_log/run/reader.ts";
import { OpenFile } from "../../lib/run_log/shared/open_file.ts";

/** At both ends: room for the run record, and for the end record of some dozens of classes and the last epoch. */
const END_BYTES = 16 * 1024;
const END_LINES = 2;

/** In between: an epoch is somewhat longer than 300 bytes, and a sample must hold one from its beginning. */
const SAMPLE_BYTES = 1024;
const SAMPLES = 20;

/** A log of fewer bytes is read whole. */
export const SKIM_FROM_BYTES = 4 * END_BYTES;

const LINE_FEED = 10;

/** For what is being read; reading is not interrupted. */
const buffer = new Uint8Array(END_BYTES);

/**
 * @param size bytes that the file has, more than twice `END_BYTES`
 * @returns what was found; its problems say nothing of the log, for lines are left out
 * @throws as `new OpenFile` does
 */
export function skimLog(path: string, size: number): RunLog {
  using file = new OpenFile(path);
  const parser = new RunLogParser();
  const head = file.read(0, buffer);
  parser.push(head.subarray(0, head.indexOf(LINE_FEED) + 1));
  const between = size - 2 * END_BYTES;
  for (let i = 0; i < SAMPLES; i++) {
    const offset = END_BYTES + Math.floor(between * i / SAMPLES);
    const sample = file.read(offset, buffer.subarray(0, SAMPLE_BYTES));
    const start = sample.indexOf(LINE_FEED) + 1;
    const end = sample.indexOf(LINE_FEED, start) + 1;
    if (start > 0 && end > 0) parser.push(sample.subarray(start, end));
  }
  const tail = file.read(size - END_BYTES, buffer);
  const end = tail.lastIndexOf(LINE_FEED);
  let start = end;
  for (let line = 0; line < END_LINES && start > 0; line++) {
    start = tail.lastIndexOf(LINE_FEED, start - 1);
  }
  if (start >= 0) parser.push(tail.subarray(start + 1, end + 1));
  return parser.log;
}
