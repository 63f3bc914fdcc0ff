/** What is measured of a model besides its accuracy and its loss, as lines of text. */
import { formatPercent } from "./format.ts";

/** Fractions from 0 to 1; `brier` is up to 2. */
export interface Measures {
  /** By k. */
  readonly topK: Readonly<Record<string, number>>;
  readonly macroF1: number;
  readonly rocAuc: number | null;
  readonly calibrationError: number;
  readonly brier: number;
}

/** `top 2 92.58 %, top 3 96.90 %` and a line of the others. */
export function measuresText({ topK, macroF1, rocAuc, calibrationError, brier }: Measures): string {
  const places = Object.entries(topK).map(([k, part]) => `top ${k} ${formatPercent(part)}`);
  const others = [
    `macro F1 ${macroF1.toFixed(4)}`,
    `ROC AUC ${rocAuc === null ? "-" : rocAuc.toFixed(4)}`,
    `calibration error ${calibrationError.toFixed(4)}`,
    `Brier score ${brier.toFixed(4)}`,
  ];
  return [places, others].filter((line) => line.length > 0).map((line) => line.join(", ")).join(
    "\n",
  );
}
