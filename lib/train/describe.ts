/** What a run is about to learn, as logs have it: its task, metrics, layers, and what rows consist of. */
import type { TrainConfig } from "../config/options.ts";
import { samplesOf } from "../dataset/samples.ts";
import type { Metric } from "../task/task.ts";
import type { RunOptions } from "./options.ts";
import { runNetworkFor } from "./run_network.ts";

export interface RunDescription {
  readonly task: string;
  /** The loss first. */
  readonly metrics: readonly Metric[];
  /** With the output's, which is last. */
  readonly layers: readonly { readonly kind: string; readonly shape: readonly number[] }[];
  readonly features: { readonly element: string; readonly shape: readonly number[] };
}

/** @throws {UsageError | WeftError} as training does, where data and configuration do not go together */
export function describeRun(options: RunOptions, config: TrainConfig): RunDescription {
  const { task, network } = runNetworkFor(options, config);
  const { element, shape } = samplesOf(options.train);
  return {
    task: task.name,
    metrics: task.metrics,
    layers: network.layers.map(({ text, layer }) => ({ kind: text, shape: layer.output })),
    features: { element, shape },
  };
}
