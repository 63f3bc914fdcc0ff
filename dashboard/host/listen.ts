/** Listens on this machine alone. */

import { print } from "../../lib/cli/output.ts";
import { WeftError } from "../../lib/errors.ts";

/** What answers requests. */
export type Handler = (request: Request) => Response | Promise<Response>;

const HOSTNAME = "127.0.0.1";

/** Ports that are tried, one after the other. */
const ATTEMPTS = 50;

/**
 * Serves at `port` or, where it is taken, at the next free one, and prints the address.
 *
 * @throws {WeftError} where none is free
 */
export function listen(port: number, handler: Handler): Deno.HttpServer<Deno.NetAddr> {
  for (let candidate = port; candidate < port + ATTEMPTS && candidate <= 65_535; candidate++) {
    try {
      return Deno.serve({
        hostname: HOSTNAME,
        port: candidate,
        onListen: (address) => {
          const taken = candidate === port ? "" : ` (port ${port} is taken)`;
          print(`Weft dashboard: http://${HOSTNAME}:${address.port}/${taken}`);
        },
      }, handler);
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
  throw new WeftError(
    `Cannot listen at ${HOSTNAME}: port ${port} and the ${
      ATTEMPTS - 1
    } after it are taken; choose another with --port`,
  );
}
