/** What a run came to: numbers of one model, never of two beside each other. */

import type {
  EndRecord,
  EpochRecord,
  Measured,
  MetricValues,
  RunRecord,
} from "../../lib/run_log/run/records.ts";

/** Metrics by name, the loss among them, of the model that a run saved; of its last epoch while it has saved none. */
export interface Results {
  /** The epoch whose network was measured; null where that is not known, as of one that was cut within an epoch. */
  readonly epoch: number | null;
  readonly isSaved: boolean;
  readonly validation: MetricValues;
  readonly test: MetricValues;
}

type Run = Pick<RunRecord, "config"> | null;
export type End = Pick<
  EndRecord,
  | "status"
  | "bestEpoch"
  | "validation"
  | "test"
  | "validationLoss"
  | "validationAccuracy"
  | "testLoss"
  | "testAccuracy"
>;
type Last =
  | Pick<EpochRecord, "epoch" | "validationLoss" | "validationAccuracy" | "validation">
  | null;

/** @param last epoch of the log */
export function resultsOf(run: Run, end: End | null, last: Last): Results {
  const ofLast = last ? validationOf(last) : {};
  const epoch = last?.epoch ?? null;
  const validation = end && (end.validation ?? known({
    loss: end.validationLoss,
    accuracy: end.validationAccuracy,
  }));
  const test = (end && (end.test ?? known({ loss: end.testLoss, accuracy: end.testAccuracy }))) ??
    {};
  const isSaved = end !== null &&
    [validation, test].some((part) => Object.values(part ?? {}).some((value) => value !== null));
  if (!isSaved || !validation) return { epoch, isSaved: false, validation: ofLast, test };
  const isBest = run?.config.restoreBest === true && typeof end.bestEpoch === "number";
  if (isBest) return { epoch: end.bestEpoch!, isSaved, validation, test };
  // Of a run that was cut, what was saved may be an epoch and some batches old.
  const isLast = end.status === "completed" ||
    Object.entries(validation).every(([name, value]) => ofLast[name] === value);
  if (!isLast) return { epoch: null, isSaved, validation, test };
  // Versions that did not write all of it saved the last network.
  return { epoch, isSaved, validation: { ...ofLast, ...validation }, test };
}

function validationOf({ validationLoss, validationAccuracy, validation }: NonNullable<Last>) {
  return { ...known({ loss: validationLoss, accuracy: validationAccuracy }), ...validation };
}

function known(values: Readonly<Record<string, Measured | undefined>>): MetricValues {
  const entries = Object.entries(values).filter(([, value]) => Number.isFinite(value));
  return Object.fromEntries(entries) as MetricValues;
}

/** Words for what was measured: "saved model, epoch 8". */
export function resultsWords({ epoch, isSaved }: Pick<Results, "epoch" | "isSaved">): string {
  const what = isSaved ? "saved model" : "last epoch";
  if (epoch !== null) return isSaved ? `${what}, epoch ${epoch}` : `${what}, ${epoch}`;
  return isSaved ? `${what}, cut within an epoch` : what;
}

/** A loss may be so much below that of guessing and still be it. */
const NEAR = 0.005;

/**
 * Why a network has learned nothing, in a sentence; null where it has, or the log does not tell. Such a run has ended like any
 * other, and its loss is as finite.
 */
export function whyUseless(
  run: Pick<RunRecord, "task" | "layers"> | null,
  end: Pick<EndRecord, "confusionMatrix" | "status" | "perClass"> | null,
  { validation, test }: Pick<Results, "validation" | "test">,
): string | null {
  if (!end || end.status === "failed" || end.status === "diverged") return null;
  const task = run?.task ?? "classification";
  const measured = { ...test, ...validation };
  if (task === "regression") {
    const { r2 } = measured;
    return typeof r2 === "number" && r2 <= 0
      ? "At chance: it predicts no better than the mean of the targets"
      : null;
  }
  if (task === "multi-label") {
    return measured.microF1 === 0 ? "At chance: it gives no row a right label" : null;
  }
  const matrix = end.confusionMatrix;
  const said = matrix?.[0]?.map((_, j) => matrix.some((row) => row[j] > 0)).filter(Boolean).length;
  const truths = matrix?.filter((row) => row.some((count) => count > 0)).length ?? 0;
  if (said === 1 && truths > 1) return "At chance: it predicts the same class for every row";
  const classes = task === "binary" ? 2 : matrix?.length ?? run?.layers?.at(-1)?.shape[0] ?? 0;
  const guessing = Math.log(classes);
  const { loss, accuracy } = measured;
  if (classes < 2 || typeof loss !== "number" || typeof accuracy !== "number") return null;
  const isGuess = Math.abs(loss - guessing) < NEAR * guessing && accuracy < 1.5 / classes;
  return isGuess ? `At chance: its loss is that of guessing among ${classes} classes` : null;
}
