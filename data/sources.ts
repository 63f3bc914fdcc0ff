/**
 * Where Fashion-MNIST is sought when there is neither a data folder nor a cache, and in which
 * order.
 */

import { aptSource } from "./apt.ts";
import { downloadSource } from "./download.ts";
import { DEBIAN_PACKAGE, SYSTEM_FOLDER, UPSTREAM_ADDRESSES } from "./fashion_mnist.ts";
import { folderSource } from "./folder.ts";
import type { Source } from "./source.ts";

/** The sources of a usual start, the quickest first. */
export function standardSources(): Source[] {
  return [
    folderSource(SYSTEM_FOLDER),
    ...UPSTREAM_ADDRESSES.map((address) => downloadSource(address)),
    aptSource(DEBIAN_PACKAGE, SYSTEM_FOLDER),
  ];
}
