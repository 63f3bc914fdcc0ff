/** `search:worker`: trains trials of searches that other machines run, until it is told to stop. */
import { UsageError } from "../../errors.ts";
import type { SearchWorkerOptions } from "../options/search_worker.ts";
import { STDIN } from "../data_kind.ts";
import { requireLeaveForRuns } from "../task_line.ts";
import { withBroker } from "./nats/broker_process.ts";
import { wholeNumberOf } from "./plan.ts";

/** @returns the exit code: 130, because it is always interrupted; 1 or 2 where it cannot work */
export async function searchWorkerCommand(options: SearchWorkerOptions): Promise<number> {
  const { nats, workers = navigator.hardwareConcurrency } = options;
  if (nats === undefined) {
    throw new UsageError(
      "Cannot work without a server: name the one that the search uses, such as --nats nats://broker:4222",
    );
  }
  if (options.data === STDIN) {
    throw new UsageError(
      "Cannot train trials on the standard input: each trial reads its rows anew; give a file",
    );
  }
  wholeNumberOf("--workers", workers);
  requireLeaveForRuns();
  return await withBroker(nats, options, async () => {
    // By a name that is made here: what Deno reads in an import, it fetches the packages of for every command.
    const path = new URL("./nats/worker.ts", import.meta.url).href;
    const { work }: typeof import("./nats/worker.ts") = await import(path);
    return await work({ ...options, nats, workers });
  });
}
