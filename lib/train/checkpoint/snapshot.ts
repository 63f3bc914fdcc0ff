/** What a state is made of, and what is taken out of it again. */
import type { BackendDescription } from "../../backend/mod.ts";
import type { TrainConfig } from "../../config/options.ts";
import { isGrayImage, samplesOf, type TaskName } from "../../dataset/samples.ts";
import type { Model } from "../../model/model.ts";
import { encodeModel } from "../../model/model_file.ts";
import type { Tensors } from "../../nn/tensors.ts";
import type { EpochValidation } from "../best_epoch.ts";
import type { RunOptions } from "../options.ts";
import type { RowsSoFar } from "../session.ts";
import {
  digestOf,
  digestOfRows,
  digestOfText,
  foundName,
  LAST_GOOD,
  LOSSES,
  type RunIdentity,
  type TrainingState,
} from "./state.ts";

/** What the last completed epoch left: the network and, where training may continue from there, the optimizer's tensors. */
export interface LastGoodEpoch {
  readonly tensors: Tensors;
  readonly validation: EpochValidation | null;
  /** Whether the optimizer's tensors are among them: a state from the middle of an epoch does not have them. */
  readonly isWhole: boolean;
}

/** What a run is known by, now. */
export async function identityOf(
  { train, validation, split, dataId, preprocessing, from }: RunOptions,
  config: TrainConfig,
  classes: number,
  { backend, simd, adapter }: BackendDescription,
  frozen: readonly string[] = [],
): Promise<RunIdentity> {
  const { rows } = train;
  const { element, shape, targets: { task } } = samplesOf(train);
  const isImage = isGrayImage({ element, shape }) && shape.length === 3;
  return {
    config,
    data: {
      rows,
      ...(isImage ? { height: shape[0], width: shape[1] } : { element, shape }),
      ...(task === "classification" ? {} : { task }),
      classes,
      // Of the same file, other rows and targets may be learned.
      sha256: preprocessing || !dataId ? await digestOf(train) : dataId,
      ...(validation ? { holdOut: await digestOf(validation) } : {}),
      ...(split ? { split: await digestOfRows(split) } : {}),
      ...(from ? { from: await digestOfModel(from) } : {}),
      ...(frozen.length > 0 ? { frozen } : {}),
      ...(preprocessing
        ? { preprocessing: await digestOfText(JSON.stringify(preprocessing)) }
        : {}),
    },
    computing: { backend, simd, adapter },
  };
}

async function digestOfModel(model: Model): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", encodeModel(model));
  return new Uint8Array(digest).toHex();
}

/**
 * Adds what only the middle of an epoch has.
 *
 * @param network as the last completed epoch left it; null before the first
 */
export function saveEpoch(
  tensors: Map<string, Float32Array<ArrayBuffer>>,
  { losses, found }: RowsSoFar,
  network: Tensors | null,
  task: TaskName,
): void {
  tensors.set(LOSSES, losses).set(foundName(task), found);
  network?.forEach((values, name) => tensors.set(LAST_GOOD + name, values));
}

/** What the epoch under way has found; null between two epochs. */
export function rowsSoFarOf(
  { identity, progress: { batch }, tensors }: TrainingState,
): RowsSoFar | null {
  if (batch === 0) return null;
  return {
    losses: tensors.get(LOSSES)!,
    found: tensors.get(foundName(identity.data.task ?? "classification"))!,
  };
}

/** What the last completed epoch left; null before the first. */
export function lastGoodOf({ progress, tensors }: TrainingState): LastGoodEpoch | null {
  const { epoch, batch, validationLoss, validationAccuracy, validationMetrics } = progress;
  if (epoch === 0) return null;
  const kept = [...tensors].filter(([name]) => name.startsWith(LAST_GOOD))
    .map(([name, values]) => [name.slice(LAST_GOOD.length), values] as const);
  return {
    tensors: batch > 0 ? new Map(kept) : tensors,
    validation: validationAccuracy === null && !validationMetrics ? null : {
      loss: validationLoss ?? NaN,
      metrics: validationMetrics ?? { accuracy: validationAccuracy },
    },
    isWhole: batch === 0,
  };
}
