/**
 * Takes the place of commands in the package that only a checkout has: of servers, of what measures Deno, and of what trains on
 * several machines.
 */
import { WeftError } from "../../errors.ts";

const refuse = (command) => () => {
  throw new WeftError(
    `Cannot run weft ${command}: the package has no ${command}; run deno task ${command} in a checkout of Weft`,
  );
};

export const compareCommand = refuse("compare");
export const serveCommand = refuse("serve");
export const trainMpiCommand = refuse("train:mpi");
export const searchWorkerCommand = refuse("search:worker");
export const withBroker = refuse("search --nats");
