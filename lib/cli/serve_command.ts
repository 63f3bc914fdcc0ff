/** `serve`: runs an exported predictor on this machine, until it is interrupted. */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { UsageError, WeftError } from "../errors.ts";
import { printable } from "../report/display_width.ts";
import { isPredictor } from "./export_folder.ts";
import { print, printJson } from "./output.ts";

const HOSTNAME = "127.0.0.1";

export interface ServeCommandOptions {
  readonly dir: string;
  readonly port: number;
  readonly json?: boolean;
}

export async function serveCommand({ dir, port, json }: ServeCommandOptions): Promise<number> {
  if (!(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw new UsageError(`Cannot listen at port ${port}: it must be a whole number up to 65535`);
  }
  const { fetch } = await loadPredictor(dir);
  const onListen = ({ port }: Deno.NetAddr) => {
    const address = `http://${HOSTNAME}:${port}/`;
    if (json) printJson({ address });
    else print(`${printable(dir)} answers at ${address}`);
  };
  try {
    await Deno.serve({ hostname: HOSTNAME, port, onListen }, fetch).finished;
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    throw new WeftError(
      `Cannot listen at ${HOSTNAME}:${port}: the port is taken; choose another with --port`,
    );
  }
  return 0;
}

async function loadPredictor(dir: string): Promise<{ fetch: Deno.ServeHandler }> {
  const remedy = 'run "deno task export" first, or name a folder that it made with --dir';
  // Whatever else is called so would run with the rights of this task.
  if (!await isPredictor(dir)) {
    throw new WeftError(`Cannot serve ${dir || '""'}: it has no predictor.js of Weft's; ${remedy}`);
  }
  try {
    return (await import(pathToFileURL(resolve(dir, "predictor.js")).href)).default;
  } catch (error) {
    throw new WeftError(
      `Cannot serve ${dir}: files of it are missing or damaged; export the model again`,
      { cause: error },
    );
  }
}
