/** Whether batches can be normalized. */
import { UsageError } from "../errors.ts";
import { type LayerChoice, layersOf } from "../nn/architecture.ts";
import { shardRange } from "../nn/shards.ts";

/**
 * One row has no variance, so no batch may have one, and no shard of a batch.
 *
 * @param rows to train on
 * @throws {UsageError} if the last batch, or a shard of it, would have a single row
 */
export function requireNormalizable(
  config: LayerChoice & { readonly batchSize: number; readonly shards: number },
  rows: number,
): void {
  const { batchSize, shards } = config;
  if (!layersOf(config).includes("batch-norm")) return;
  const last = rows % batchSize || Math.min(rows, batchSize);
  // The first shard is one of the smallest.
  if (shardRange(last, 0, shards).end > 1) return;
  const fewer = shards > 1 ? ", fewer shards" : "";
  const others = `${fewer}, or no batch normalization`;
  if (batchSize < 2 * shards) {
    const what = shards > 1
      ? `batches of ${batchSize} in ${shards} shards: one of them has a single row, which has no variance`
      : "batches of one row: it has no variance";
    throw new UsageError(`Cannot normalize ${what}; use a larger batch size${others}`);
  }
  const rest = last > 1 ? ` ${last} rows and one of its ${shards} shards` : "";
  throw new UsageError(
    `Cannot normalize batches of ${batchSize}: of ${rows} training rows the last one has${rest} a single row, which has no ` +
      `variance; use another batch size${others}`,
  );
}
