import type { EndEvent } from "../../train/events.ts";

/** A line on where a run diverged and what to try; null where it did not. */
export function divergence({ divergedAt }: EndEvent): string | null {
  if (!divergedAt) return null;
  const { epoch, batch } = divergedAt;
  const where = batch === null
    ? `what the network computes after epoch ${epoch}`
    : `the training loss in epoch ${epoch}, batch ${batch}`;
  return `Training diverged: ${where} is no longer a finite number; try a smaller --learning-rate`;
}
