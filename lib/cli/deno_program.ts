/** Which program a process starts that may start Deno. */

/**
 * This Deno. Leave is given for the `deno` of the path; where that is a script which starts another file, as npx leaves
 * it, its name is what may be run.
 */
export function denoProgram(): string {
  const command = Deno.execPath();
  return Deno.permissions.querySync({ name: "run", command }).state === "granted"
    ? command
    : "deno";
}
