/**
 * Brings Fashion-MNIST into the cache, and shows how that goes: `deno task data:fetch`, and a machine's first start
 * (first_start.ts). Exit codes as main.ts's. Of its imports none is a package.
 */
import { host } from "../host/mod.ts";
import { fetchDataset } from "../../data/fetch.ts";
import { WeftError } from "../errors.ts";
import { interruption } from "./interruption.ts";
import { downloadLine, printErrorLine, StatusLine } from "./output.ts";

async function main(): Promise<number> {
  using status = new StatusLine();
  using interrupted = interruption();
  try {
    const origin = await fetchDataset({
      signal: interrupted.signal,
      onNote: (line) => {
        status.clear();
        printErrorLine(`note: ${line}`);
      },
      onProgress: (progress) => status.set(downloadLine(progress)),
    });
    interrupted.signal.throwIfAborted();
    status.clear();
    printErrorLine(`note: Fashion-MNIST is here, from ${origin}`);
    return 0;
  } catch (error) {
    status.clear();
    if (!(error instanceof WeftError)) throw error;
    printErrorLine(`error: ${error.message}`);
    return error.exitCode;
  }
}

if (import.meta.main) {
  const [stranger] = host.args;
  if (stranger !== undefined) {
    printErrorLine(`error: Cannot fetch ${stranger}: there is Fashion-MNIST alone; leave it out`);
    host.exit(2);
  }
  host.exit(await main());
}
