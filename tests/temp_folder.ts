/**
 * Temporary folders of tests, all inside `tests/tmp`, so that tests need leave to write there and
 * nowhere else.
 */

import { join } from "node:path";

const PARENT = join(import.meta.dirname!, "tmp");

/**
 * A new empty folder, which goes with all its contents at the end of the block: `await using folder
 * = ...`.
 */
export async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  await Deno.mkdir(PARENT, { recursive: true });
  const path = await Deno.makeTempDir({ dir: PARENT });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}
