/**
 * Temporary folders of tests, all inside `tests/tmp`, so that tests need leave to write there and
 * nowhere else.
 */

import { join } from "node:path";

/** The folder of all of them; whoever uses it makes it. */
export const TEMPORARY = join(import.meta.dirname!, "../tmp");

/**
 * A new empty folder, which goes with all its contents at the end of the block: `await using folder
 * = ...`.
 */
export async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  await Deno.mkdir(TEMPORARY, { recursive: true });
  const path = await Deno.makeTempDir({ dir: TEMPORARY });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}
