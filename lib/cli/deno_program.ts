/** Which program a process starts that may start Deno. */
import { host } from "../host/mod.ts";
import { WeftError } from "../errors.ts";

/**
 * This Deno, by its full path. Leave is given for the `deno` of the path; where that is a link or a script which leads to
 * another file, as npx leaves it, its name is what may be run.
 *
 * @throws {WeftError} where neither may be run
 */
export function denoProgram(): string {
  const path = host.execPath();
  for (const command of [path, "deno"]) {
    if (host.permissions.querySync({ name: "run", command }).state === "granted") return command;
  }
  throw new WeftError(
    `Cannot start ${path} once more: PATH leads to no "deno" that may be run; ` +
      "add the folder that Deno is in to PATH",
  );
}
