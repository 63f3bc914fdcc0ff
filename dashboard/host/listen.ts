/** Listens on this machine alone. */

import { print } from "../../lib/cli/output.ts";
import { WeftError } from "../../lib/errors.ts";
import { type Handler, serve, takePort } from "../../lib/local_server/server.ts";
import { text } from "./guard.ts";

/** Ports that are tried, one after the other. */
const ATTEMPTS = 50;

/**
 * Takes `port` or, where it is taken, the next free one, prints the address, and serves until the process ends.
 *
 * @throws {WeftError} where none is free
 */
export async function listen(port: number, handler: Handler): Promise<void> {
  const listener = takeFreePort(port);
  const { hostname, port: own } = listener.addr;
  const taken = own === port || port === 0 ? "" : ` (port ${port} is taken)`;
  print(`Weft dashboard: http://${hostname}:${own}/${taken}`);
  await serve(listener, {
    handler,
    refuse: (status, problem) => text(status, `This cannot be answered: ${problem}.`),
  });
}

function takeFreePort(port: number): Deno.TcpListener {
  for (let candidate = port; candidate < port + ATTEMPTS && candidate <= 65_535; candidate++) {
    try {
      return takePort(candidate);
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
  throw new WeftError(
    `Cannot listen at 127.0.0.1: port ${port} and the ${
      ATTEMPTS - 1
    } after it are taken; choose another with --port`,
  );
}
