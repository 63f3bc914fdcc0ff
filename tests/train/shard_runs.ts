/** Runs in several processes, which are all in this one, for tests of shards. */
import assert from "node:assert/strict";
import { createBackend, train } from "../../lib/mod.ts";
import type { TrainOptions } from "../../lib/mod.ts";
import { digestOf } from "../guards/guard_runs.ts";
import { meetingGroups } from "./meeting_group.ts";

/** Trains in `processes`, each with a number of threads of its own; the digest that all of them have. */
export async function digestOfGroup(
  options: TrainOptions,
  processes: number,
  simd: "strict" | "relaxed" = "strict",
): Promise<string> {
  const digests = await Promise.all(
    meetingGroups(processes).map(async (group) => {
      using backend = await createBackend({ backend: "wasm", simd, threads: 1 + group.rank % 2 });
      return await digestOf(await Array.fromAsync(train({ ...options, backend, group })));
    }),
  );
  assert.equal(new Set(digests).size, 1, "processes ended with different networks");
  return digests[0];
}

/** Asserts that 1, 2 and 4 processes end alike with as many shards as `options` have, 4 or more; that digest. */
export async function requireOneNetwork(options: TrainOptions, name?: string): Promise<string> {
  const digest = await digestOfGroup(options, 1);
  for (const processes of [2, 4]) {
    assert.equal(await digestOfGroup(options, processes), digest, `${processes} ${name ?? ""}`);
  }
  return digest;
}
