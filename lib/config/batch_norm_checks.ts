/** Whether batches can be normalized. */
import { UsageError } from "../errors.ts";
import { type LayerChoice, layersOf } from "../nn/architecture.ts";

/**
 * One row has no variance, so no batch may have one.
 *
 * @param rows to train on
 * @throws {UsageError} if the last batch would have a single row
 */
export function requireNormalizable(
  config: LayerChoice & { readonly batchSize: number },
  rows: number,
): void {
  const { batchSize } = config;
  if (!layersOf(config).includes("batch-norm")) return;
  const last = rows % batchSize || Math.min(rows, batchSize);
  if (last > 1) return;
  throw new UsageError(
    batchSize === 1
      ? "Cannot normalize batches of one row: it has no variance; use a larger batch size, or no batch normalization"
      : `Cannot normalize batches of ${batchSize}: of ${rows} training rows the last one has a single row, which has no ` +
        "variance; use another batch size, or no batch normalization",
  );
}
