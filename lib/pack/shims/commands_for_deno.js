/** Takes the place of commands in the package that only a checkout has: of servers, and of what measures Deno. */
import { WeftError } from "../../errors.ts";

const refuse = (command) => () => {
  throw new WeftError(
    `Cannot run weft ${command}: the package has no ${command}; run deno task ${command} in a checkout of Weft`,
  );
};

export const compareCommand = refuse("compare");
export const serveCommand = refuse("serve");
