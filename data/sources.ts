/**
 * Where Fashion-MNIST is sought when there is neither a data folder nor a cache, and in which
 * order.
 */

import { aptSource } from "./apt.ts";
import { downloadSource } from "./download.ts";
import { DEBIAN_PACKAGE, SYSTEM_FOLDER, UPSTREAM_ADDRESSES } from "./fashion_mnist.ts";
import { folderSource } from "./folder.ts";
import type { Source } from "./source.ts";

/** The sources that take no permission but to read. */
export function localSources(): Source[] {
  return [folderSource(SYSTEM_FOLDER)];
}

/** All sources, the quickest first. */
export function standardSources(): Source[] {
  return [
    ...localSources(),
    ...UPSTREAM_ADDRESSES.map((address) => downloadSource(address)),
    aptSource(DEBIAN_PACKAGE, SYSTEM_FOLDER),
  ];
}
