/** From which probability on an answer is yes: a number, or how to find one on the validation rows. */
import { UsageError } from "../errors.ts";

/** "f1": where F1 is largest; "recall=0.9": the largest at which so much of the yes is found. */
export type Threshold = number | "f1" | `recall=${number}`;

const RECALL = /^recall\s*=\s*(\d*\.?\d+(?:e-?\d+)?)$/i;
/** Beyond these, float32 logits are not told apart. */
const [LEAST, MOST] = [1e-6, 1 - 1e-6];

/** A threshold that somebody wrote; undefined if it is none. */
export function readThreshold(text: string): Threshold | undefined {
  const trimmed = text.trim();
  if (trimmed.toLowerCase() === "f1") return "f1";
  const recall = RECALL.exec(trimmed);
  if (recall) return `recall=${Number(recall[1])}`;
  return trimmed !== "" && Number.isFinite(Number(trimmed)) ? Number(trimmed) : undefined;
}

/** @throws {UsageError} if it is none, or out of range */
export function requireThreshold(value: unknown): void {
  if (value === "f1") return;
  if (typeof value === "number" && value > 0 && value < 1) return;
  const recall = typeof value === "string" ? recallOf(value) : null;
  if (recall !== null && recall > 0 && recall <= 1) return;
  throw new UsageError(
    `Cannot train with a threshold of ${
      typeof value === "string" ? JSON.stringify(value) : value
    }: it must be a number above 0 and below 1, "f1", or "recall=F" with F above 0 and at most 1`,
  );
}

function recallOf(text: string): number | null {
  const recall = RECALL.exec(text);
  return recall ? Number(recall[1]) : null;
}

/** The number to measure by while training, where the best one is found at its end only. */
export const numberOf = (threshold: Threshold): number =>
  typeof threshold === "number" ? threshold : 0.5;

/**
 * The threshold on rows that validate: halfway between two probabilities, so that equal ones are on one side.
 *
 * @param logits of yes
 * @param isYes  1 where the answer is yes
 * @returns 0.5 where no row is a yes
 */
export function chooseThreshold(
  wanted: Threshold,
  logits: ArrayLike<number>,
  isYes: ArrayLike<number>,
): number {
  if (typeof wanted === "number") return wanted;
  const recall = recallOf(wanted);
  const order = Uint32Array.from(logits, (_, i) => i).sort((a, b) => logits[b] - logits[a]);
  const all = order.reduce((sum, i) => sum + isYes[i], 0);
  if (all === 0) return 0.5;
  let [found, best, threshold] = [0, -1, 0.5];
  for (let first = 0; first < order.length;) {
    let end = first;
    while (end < order.length && logits[order[end]] === logits[order[first]]) {
      found += isYes[order[end++]];
    }
    const lowest = probability(logits[order[first]]);
    const below = end < order.length ? probability(logits[order[end]]) : 0;
    const halfway = Math.min(MOST, Math.max(LEAST, (lowest + below) / 2));
    if (recall !== null) {
      threshold = halfway;
      if (found >= recall * all) return threshold;
    } else {
      const f1 = 2 * found / (end + all);
      if (f1 > best) [best, threshold] = [f1, halfway];
    }
    first = end;
  }
  return threshold;
}

function probability(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
