/**
 * Brings Fashion-MNIST into the cache, from wherever it is available. It runs in a process of its own
 * (lib/cli/fetch_main.ts), the only one that may use the network and start programs, and reads
 * nothing that the user names.
 */

import { CACHE_DIR, FASHION_MNIST } from "./fashion_mnist.ts";
import { findFiles, type SearchOptions } from "./search.ts";
import { standardSources } from "./sources.ts";

/**
 * Fills the cache from the first source that has the data set: a system package's folder, the two
 * addresses of its authors, Debian's archive. A cache that is whole already is left as it is.
 *
 * @returns where it was found
 * @throws {MissingDataError} a line for each place that was tried in vain
 * @throws {WeftError} where the cache cannot be filled
 */
export async function fetchDataset(options: SearchOptions): Promise<string> {
  const sources = standardSources();
  const { origin } = await findFiles(
    { cacheDir: CACHE_DIR, sources, expected: FASHION_MNIST },
    options,
  );
  return origin;
}
