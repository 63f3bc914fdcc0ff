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
  const ofShards = shards > 1 ? `, or fewer shards than ${shards}` : "";
  throw new UsageError(
    batchSize < 2 * shards
      ? `Cannot normalise ${
        shards > 1 ? `${shards} shards of batches of ${batchSize} rows` : "batches of one row"
      }: one row has no variance; use a larger batch size${ofShards}, or no batch normalisation`
      : `Cannot normalise batches of ${batchSize}: of ${rows} training rows the last one has ${
        last === 1 ? "a single row" : `${last} rows in ${shards} shards, and a shard of one row`
      }, which has no variance; use another batch size${ofShards}, or no batch normalisation`,
  );
}
