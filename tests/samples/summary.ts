/** A run in the list, to test with. */

import type { RunSummary } from "../../dashboard/shared/types.ts";

export function sampleSummary(name: string, fields: Partial<RunSummary> = {}): RunSummary {
  return {
    name,
    state: "completed",
    startedAt: null,
    preset: "baseline",
    backend: "wasm",
    threads: 2,
    adapter: null,
    options: {},
    epochs: 1,
    epochsAsked: 1,
    trainLoss: null,
    measured: { epoch: null, isSaved: false },
    validation: {},
    test: {},
    samplesPerSecond: null,
    durationMs: null,
    sparkline: [],
    problems: 0,
    ...fields,
  };
}
