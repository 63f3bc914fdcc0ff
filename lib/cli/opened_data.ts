/** Data that has been read, on its way to runs. */
import type { TrainConfig } from "../config/options.ts";
import type { Preset } from "../config/presets.ts";
import type { TrainOptions } from "../train/options.ts";
import type { RunSource } from "./run_source.ts";

/** How runs begin. */
export interface Begun {
  readonly config: TrainConfig;
  readonly preset: string;
  readonly continuing: Pick<TrainOptions, "from" | "freeze">;
}

/** Data that has been read. */
export interface OpenedData {
  /** What it is trained with, unless the user says otherwise. */
  readonly preset: Preset;
  /** @throws {UsageError | WeftError} if it cannot be trained on so */
  source(begun: Begun): RunSource;
}
